import type { Id, TaskStatus } from '../../mesos/types.ts';
import type { Clock, Timer } from '../clock.ts';
import { isTerminal } from '../taskView.ts';

export interface StatusUpdatesOptions {
  readonly clock: Clock;
  /** First wait before an update is sent again, and the longest: milliseconds. */
  readonly retry: number;
  readonly longestRetry: number;
  /** Hands an update to the master, if it is there. */
  readonly send: (frameworkId: Id, status: TaskStatus) => void;
  /** A task's last update was acknowledged. */
  readonly onDone: (frameworkId: Id, taskId: Id) => void;
}

interface Stream {
  readonly frameworkId: Id;
  readonly taskId: Id;
  /** The first is with the scheduler. */
  readonly pending: TaskStatus[];
  retry: Timer | undefined;
  wait: number;
}

/** Brings each task's updates to its scheduler in order, one at a time: the next is sent once the one before is acknowledged. */
export class StatusUpdates {
  readonly #options: StatusUpdatesOptions;
  readonly #streams = new Map<string, Stream>();

  constructor(options: StatusUpdatesOptions) {
    this.#options = options;
  }

  /** Takes an update (with a uuid). Returns whether it went out at once. */
  add(frameworkId: Id, status: TaskStatus): boolean {
    const key = keyOf(frameworkId, status.task_id);
    const stream = this.#streams.get(key) ?? {
      frameworkId,
      taskId: status.task_id,
      pending: [],
      retry: undefined,
      wait: this.#options.retry,
    };
    this.#streams.set(key, stream);
    stream.pending.push(status);
    if (stream.pending.length > 1) return false;
    this.#send(stream);
    return true;
  }

  /** What is not acknowledged of a task, in order. */
  pendingOf(frameworkId: Id, taskId: Id): readonly TaskStatus[] {
    return this.#streams.get(keyOf(frameworkId, taskId))?.pending ?? [];
  }

  /** An acknowledgement of anything but the update that is out means nothing. */
  acknowledge(frameworkId: Id, taskId: Id, uuid: string): void {
    const key = keyOf(frameworkId, taskId);
    const stream = this.#streams.get(key);
    const [head] = stream?.pending ?? [];
    if (!stream || head?.uuid !== uuid) return;
    stream.retry?.cancel();
    stream.pending.shift();
    stream.wait = this.#options.retry;
    if (stream.pending.length > 0) {
      this.#send(stream);
      return;
    }
    this.#streams.delete(key);
    if (isTerminal(head.state)) this.#options.onDone(frameworkId, taskId);
  }

  /** Sends again what isn't acknowledged: a framework's, or all. */
  resend(frameworkId?: Id): void {
    for (const stream of this.#streams.values()) {
      if (frameworkId && stream.frameworkId.value !== frameworkId.value) continue;
      stream.wait = this.#options.retry;
      this.#send(stream);
    }
  }

  /** Drops all of a framework that is over. */
  forget(frameworkId: Id): void {
    for (const [key, stream] of this.#streams) {
      if (stream.frameworkId.value !== frameworkId.value) continue;
      stream.retry?.cancel();
      this.#streams.delete(key);
    }
  }

  stop(): void {
    for (const stream of this.#streams.values()) stream.retry?.cancel();
  }

  #send(stream: Stream): void {
    const [head] = stream.pending;
    if (!head) return;
    stream.retry?.cancel();
    stream.retry = this.#options.clock.after(stream.wait, () => {
      stream.wait = Math.min(stream.wait * 2, this.#options.longestRetry);
      this.#send(stream);
    });
    this.#options.send(stream.frameworkId, head);
  }
}

function keyOf(frameworkId: Id, taskId: Id): string {
  return `${frameworkId.value}/${taskId.value}`;
}
