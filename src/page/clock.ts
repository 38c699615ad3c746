import type { PageClock } from './protocol.ts';

/** A difference below this is the way of a message, not the clock's (milliseconds). */
const tolerated = 400;

/**
 * The cluster's time between two messages. It runs on by itself at the rate that was told, and does not jump to and fro
 * by what messages take to arrive.
 */
export class RunningClock {
  readonly #monotonic: () => number;
  #told: PageClock = { now: 0, rate: 0, offset: 0 };
  /** By the monotonic clock. */
  #at = 0;

  /** `monotonic`: milliseconds of a clock that nobody sets, such as performance.now. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  tell(clock: PageClock): void {
    const steady = clock.rate === this.#told.rate && Math.abs(clock.now - this.now()) < tolerated;
    const now = steady ? this.now() : clock.now;
    this.#told = { ...clock, now };
    this.#at = this.#monotonic();
  }

  now(): number {
    return this.#told.now + (this.#monotonic() - this.#at) * this.#told.rate;
  }

  get offset(): number {
    return this.#told.offset;
  }

  /** Of a recording; undefined for a living cluster. */
  get span(): PageClock['span'] {
    return this.#told.span;
  }

  get rate(): number {
    return this.#told.rate;
  }
}
