import { StoreUnavailable } from './errors.ts';
import type { Clock, Timer } from './types.ts';

/** Does what must be done although the store cannot be written just now: again after 1 s, then 2 s, up to 30 s. */
export class Insistent {
  readonly #clock: Clock;
  readonly #job: () => void;
  #timer: Timer | null = null;
  #pause = 1_000;
  #stopped = false;

  constructor(clock: Clock, job: () => void) {
    this.#clock = clock;
    this.#job = job;
  }

  /** Runs the job now, or leaves it to the retry that is under way. Errors other than StoreUnavailable are thrown. */
  run(): void {
    if (this.#timer === null && !this.#stopped) this.#try();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #try(): void {
    this.#timer = null;
    try {
      this.#job();
      this.#pause = 1_000;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#timer = this.#clock.after(this.#pause, () => this.#try());
      this.#pause = Math.min(2 * this.#pause, 30_000);
    }
  }
}
