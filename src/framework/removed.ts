import type { TaskStatus } from '../mesos/types.ts';
import { step } from './lifecycle.ts';
import type { Settings } from './options.ts';
import type { Work } from './work.ts';

const noDoubt = { inFlight: false, newMaster: false, waitedForOriginal: true };

/**
 * Ends the living attempts of any other framework than this one: the master killed their tasks when it removed the
 * framework, and no update of them will reach us. Their tickets are void with them.
 */
export function endAttemptsOfOthers(work: Work, frameworkId: string | null, settings: Settings): void {
  for (const attempt of work.store.attempts.living()) {
    if (attempt.framework_id === frameworkId) continue;
    const status: TaskStatus = {
      task_id: { value: attempt.mesos_task_id },
      state: 'TASK_LOST',
      source: 'SOURCE_MASTER',
      reason: 'REASON_FRAMEWORK_REMOVED',
      message: 'The master had removed the framework',
    };
    const request = work.store.requests.get(attempt.request_id);
    const result = step(request, attempt, status, noDoubt, work.now, settings);
    if (result.kind !== 'change') continue;
    work.changeAttempt(attempt, result.attempt);
    if (request && result.request) work.change(request, result.request);
  }
}
