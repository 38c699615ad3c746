import type { Clock } from '../../../src/mesos/clock.ts';

/** Time that stands still until it is told to go on. */
export class FakeClock implements Clock {
  /** Every timer that was ever set, in milliseconds. */
  readonly set: number[] = [];
  #now = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.set.push(ms);
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Milliseconds from now to each timer that is still running, the nearest first. */
  get running(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.callback();
    }
    this.#now = end;
  }
}
