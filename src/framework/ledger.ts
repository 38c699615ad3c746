import { StoreUnavailable } from './errors.ts';
import { isOver } from './records.ts';
import type { Store } from './store.ts';
import type { Clock, Log, RequestState } from './types.ts';
import { Work } from './work.ts';

/** The one way to change what is stored: commits a piece of work, then tells it, in this order. */
export class Ledger {
  readonly store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #committed: (work: Work) => void;
  #counts: Record<RequestState, number>;
  #problem: string | null = null;

  /** `committed` is called after each commit with what changed. */
  constructor(store: Store, clock: Clock, log: Log, committed: (work: Work) => void) {
    this.store = store;
    this.#clock = clock;
    this.#log = log;
    this.#committed = committed;
    this.#counts = store.requests.counts();
  }

  /** Requests kept, by state. */
  get counts(): Readonly<Record<RequestState, number>> {
    return this.#counts;
  }

  /** Why the last commit failed; null if it didn't. */
  get problem(): string | null {
    return this.#problem;
  }

  /** @throws StoreUnavailable and whatever `change` throws: then nothing was changed */
  commit<T>(change: (work: Work) => T): T {
    const work = new Work(this.store, this.#clock.now());
    let result: T;
    try {
      result = this.store.transaction(() => change(work));
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#failed(error);
      throw error;
    }
    this.#problem = null;
    for (const [state, by] of work.counts) this.#counts[state] += by;
    this.#committed(work);
    return result;
  }

  /** Forgets the oldest of what is over, events nobody will ask for any more, and workloads that were given out. */
  prune(keepRequests: number, keepEvents: number, buriedBefore: number, givenOutBefore: number): void {
    const over = Object.entries(this.#counts).filter(([state]) => isOver(state as RequestState));
    const kept = over.reduce((sum, [, count]) => sum + count, 0);
    this.commit(({ store }) => {
      if (kept > keepRequests) store.requests.prune(keepRequests);
      store.events.prune(keepEvents);
      store.pruneTombstones(buriedBefore);
      store.requests.forgetGivenOut(givenOutBefore);
    });
    this.#counts = this.store.requests.counts();
  }

  #failed(error: StoreUnavailable): void {
    if (this.#problem === null) this.#log('error', error.message, { code: error.code });
    this.#problem = `${error.message} Nothing is lost: it is tried again until it can be.`;
  }
}
