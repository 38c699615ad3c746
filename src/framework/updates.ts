import type { TaskStatus } from '../mesos/types.ts';
import { terminalTaskStates } from '../mesos/types.ts';
import type { DoubtBook } from './doubts.ts';
import { StoreUnavailable } from './errors.ts';
import { Insistent } from './insist.ts';
import type { Ledger } from './ledger.ts';
import { isAlive, step } from './lifecycle.ts';
import type { Step } from './lifecycle.ts';
import type { Settings } from './options.ts';
import type { Clock, Log } from './types.ts';
import type { Work } from './work.ts';

export interface UpdateHandlers {
  /** The update is on the disk, or changes nothing: it may be acknowledged. */
  acknowledge(status: TaskStatus): void;
  /** The master knows a task that must not live. */
  killStray(taskId: string, agentId: string | undefined): void;
  /** The master's word on this attempt can be relied on. */
  confirmed(taskId: string): void;
  /** It cannot: the master must be asked again. */
  doubted(taskId: string): void;
}

const batch = 500;

/** Status updates on their way into the store: gathered, committed together, acknowledged after that. */
export class Updates {
  readonly #ledger: Ledger;
  readonly #doubts: DoubtBook;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #handlers: UpdateHandlers;
  /** By what makes an update the same one when it comes again. */
  readonly #inbox = new Map<string, TaskStatus>();
  readonly #flush: Insistent;
  #scheduled = false;

  constructor(
    ledger: Ledger,
    doubts: DoubtBook,
    clock: Clock,
    settings: Settings,
    log: Log,
    handlers: UpdateHandlers,
  ) {
    this.#ledger = ledger;
    this.#doubts = doubts;
    this.#clock = clock;
    this.#settings = settings;
    this.#log = log;
    this.#handlers = handlers;
    this.#flush = new Insistent(clock, () => this.#commit());
  }

  push(status: TaskStatus): void {
    this.#inbox.set(status.uuid ?? `${status.task_id.value} ${status.state} ${status.reason ?? ''}`, status);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush.run();
    });
  }

  stop(): void {
    this.#flush.stop();
  }

  #commit(): void {
    while (this.#inbox.size > 0) {
      const some = [...this.#inbox].slice(0, batch);
      const steps = this.#commitSome(some.map(([, status]) => status));
      for (const [key] of some) this.#inbox.delete(key);
      for (const [index, [, status]] of some.entries()) this.#after(status, steps[index] ?? null);
    }
  }

  /** A null step: the update could not be handled, which is a fault of ours. It is dropped, so that the others go on. */
  #commitSome(statuses: readonly TaskStatus[]): (Step | null)[] {
    try {
      return this.#ledger.commit((work) => statuses.map((status) => this.#apply(work, status)));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      if (statuses.length > 1) return statuses.flatMap((status) => this.#commitSome([status]));
      this.#log('error', `A status update could not be handled: ${String(error)}`, {
        task: statuses[0]?.task_id.value ?? '',
      });
      return [null];
    }
  }

  #apply(work: Work, status: TaskStatus): Step {
    const attempt = work.store.attempts.get(status.task_id.value);
    if (!attempt) return isAlive(status.state) ? { kind: 'alive' } : { kind: 'nothing' };
    const request = work.store.requests.get(attempt.request_id);
    const doubts = this.#doubts.about(attempt.mesos_task_id);
    const result = step(request, attempt, status, doubts, this.#clock.now(), this.#settings);
    if (result.kind === 'change') {
      work.changeAttempt(attempt, result.attempt);
      if (request && result.request) work.change(request, result.request);
    }
    return result;
  }

  #after(status: TaskStatus, result: Step | null): void {
    const id = status.task_id.value;
    if (result === null) return;
    if (result.kind === 'alive') this.#handlers.killStray(id, status.agent_id?.value);
    if (result.kind === 'doubt') {
      if (terminalTaskStates.has(status.state)) this.#doubts.endedByReconciliation(id);
      this.#handlers.doubted(id);
    } else {
      this.#handlers.confirmed(id);
    }
    if (status.uuid !== undefined) this.#handlers.acknowledge(status);
  }
}
