import type { Clock, Timer } from '../../../../src/devmesos/clock.ts';

interface Pending {
  at: number;
  readonly every: number | undefined;
  readonly run: () => void;
}

/** Time that stands still until it is told to go on. Only what is due at once happens by itself. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-22T13:52:31Z');
  readonly #pending = new Set<Pending>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): Timer {
    if (milliseconds <= 0) {
      const immediate = setImmediate(run);
      return { cancel: () => clearImmediate(immediate) };
    }
    return this.#add({ at: this.#now + milliseconds, every: undefined, run });
  }

  every(milliseconds: number, run: () => void): Timer {
    return this.#add({ at: this.#now + milliseconds, every: milliseconds, run });
  }

  /** Lets so much time pass; all that is due in it happens in its order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      if (next.every === undefined) this.#pending.delete(next);
      else next.at += next.every;
      next.run();
    }
    this.#now = end;
  }

  #add(pending: Pending): Timer {
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }
}
