import { HttpProblem } from './problem.ts';

/**
 * Bounds how often something may fail: a bucket of `burst` failures that fills up again at `perSecond`. While it is empty
 * all are turned away, before the matter is looked at. Success costs nothing, so a thousand tasks that start at once pass.
 */
export class FailureLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = burst;
    this.#at = now();
  }

  /** Runs the attempt. Throws a 429 where too many failed of late; an HttpProblem of the attempt counts as a failure. */
  async attempt<T>(attempt: () => T | Promise<T>): Promise<T> {
    const now = this.#now();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) {
      throw new HttpProblem(
        429,
        { error: 'Too many such requests failed', next: 'Wait a second and try again.' },
        { 'Retry-After': '1' },
      );
    }
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof HttpProblem) this.#left -= 1;
      throw error;
    }
  }
}
