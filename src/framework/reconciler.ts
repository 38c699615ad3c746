import type { Master } from './master.ts';
import { Repeat } from './repeat.ts';
import type { Store } from './store.ts';
import type { Clock } from './types.ts';

const batch = 100;

/** Asks the master about attempts until its word on each can be relied on. */
export class Reconciler {
  readonly #store: Store;
  readonly #master: Master;
  readonly #questions: Repeat;

  constructor(store: Store, master: Master, clock: Clock, retryMs: number) {
    this.#store = store;
    this.#master = master;
    this.#questions = new Repeat(clock, retryMs, (ids) => this.#ask(ids));
  }

  /** How many are not answered yet. */
  get open(): number {
    return this.#questions.size;
  }

  /** A new subscription: everything is asked anew. */
  begin(): void {
    this.#questions.clear();
    this.#questions.resume();
    this.all();
  }

  /** Explicitly about each attempt that is not over; then implicitly, so that tasks which only the master knows show up. */
  all(): void {
    this.ask(this.#store.attempts.living().map(({ mesos_task_id }) => mesos_task_id));
    this.#master.reconcile([]);
  }

  ask(ids: readonly string[]): void {
    this.#questions.add(ids);
  }

  answered(id: string): void {
    this.#questions.delete(id);
  }

  pause(): void {
    this.#questions.pause();
  }

  #ask(ids: readonly string[]): void {
    for (let from = 0; from < ids.length; from += batch) {
      const tasks = ids.slice(from, from + batch).flatMap((id) => {
        const attempt = this.#store.attempts.get(id);
        // With its agent, since the master calls a task of an unreachable agent unknown without (Mesos 1.11, observed).
        return attempt ? [{ task_id: { value: id }, agent_id: { value: attempt.agent_id } }] : [];
      });
      // None at all would be an implicit one.
      if (tasks.length > 0) this.#master.reconcile(tasks);
    }
  }
}
