import type { AttemptView } from '../../api/logs.ts';
import type { AttemptRecord } from '../../framework/types.ts';

/** A launch as people see it: nothing of its ticket. */
export function attemptViewOf(attempt: AttemptRecord): AttemptView {
  return {
    mesos_task_id: attempt.mesos_task_id,
    request_id: attempt.request_id,
    attempt: attempt.attempt,
    agent_id: attempt.agent_id,
    agent: attempt.agent,
    state: attempt.state,
    launched: attempt.launched,
    started: attempt.redeemed,
    ended: attempt.ended,
    reason: attempt.reason,
    message: attempt.message,
  };
}
