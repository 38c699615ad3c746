import { setTimeout as delay } from 'node:timers/promises';
import type { LogEvent } from '../../api/logs.ts';
import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import type { SandboxFiles } from './agents.ts';
import { airflowLogAt } from './airflowLog.ts';
import { FileFollower, type FollowedFile, type Pace } from './follower.ts';
import type { KeptStore } from './kept/store.ts';

export interface FollowTaskOptions {
  readonly files: SandboxFiles;
  readonly kept: Pick<KeptStore, 'find'>;
  /** The task run by the id that was asked for, as it is now; its attempt the named one, else the newest. Throws HttpProblem. */
  readonly find: () => { readonly task: TaskRecord; readonly attempt: AttemptRecord | null };
  /** One attempt was named: later ones of its task run are another log. */
  readonly isPinned: boolean;
  readonly file: string;
  /** In bytes; negative: from the end. */
  readonly offset: number;
  readonly whole: boolean;
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
}

/** Between looks for the task's launch. Milliseconds. */
const launchPauseMs = 250;

/** A file of a task run from its launch to its end, over relaunches. Ends with `ended`. */
export async function* followTask(options: FollowTaskOptions): AsyncGenerator<LogEvent, void, undefined> {
  const { find, isPinned, signal } = options;
  let last: AttemptRecord | undefined;
  let isTold = false;
  for (;;) {
    const { task, attempt } = find();
    if (attempt && attempt.mesos_task_id !== last?.mesos_task_id) {
      if (last) {
        const text = `${last.mesos_task_id} is over, and the task was launched again, on ${attempt.agent}.`;
        yield { type: 'note', note: 'began-anew', text };
      }
      const offset = last ? 0 : options.offset;
      last = attempt;
      const follower = new FileFollower(fileOf(options, task, attempt), { ...options, offset });
      yield* follower.events();
      continue;
    }
    if (task.ended !== null || (isPinned && last)) break;
    if (!isTold) yield { type: 'quiet', size: 0 };
    isTold = true;
    await delay(launchPauseMs, undefined, { signal });
  }
  yield { type: 'ended' };
}

function fileOf(options: FollowTaskOptions, { key }: TaskRecord, attempt: AttemptRecord): FollowedFile {
  const { files, kept, file } = options;
  return {
    path: (signal) => airflowLogAt(files, attempt, key, file, signal),
    read: (path, offset, length, signal) => files.read(attempt, path, offset, length, signal),
    list: (folder, signal) => files.list(attempt, folder, signal),
    over: () => overFor(options, attempt),
    kept: async () => {
      const path = await airflowLogAt(undefined, attempt, key, file);
      return kept.find(attempt.mesos_task_id, path);
    },
  };
}

/** How long ago an attempt ended, in milliseconds. */
function overFor({ find }: FollowTaskOptions, attempt: AttemptRecord): number | undefined {
  const now = find();
  const same = now.attempt?.mesos_task_id === attempt.mesos_task_id ? now.attempt : undefined;
  // Another one was launched since: this one ended before.
  if (!same) return Number.MAX_SAFE_INTEGER;
  return same.ended === null ? undefined : Math.max(0, Date.now() - same.ended);
}
