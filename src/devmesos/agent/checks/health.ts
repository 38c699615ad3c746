import type { HealthCheck } from '../../../mesos/types.ts';

/** What is told of a task's health. */
export interface HealthNews {
  readonly healthy: boolean;
  /** It failed too often. */
  readonly isLast: boolean;
}

/** Draws from checks what is told of a task's health, as Mesos does. */
export class Health {
  readonly #mostFailures: number;
  /** Milliseconds. */
  readonly #grace: number;
  readonly #now: () => number;
  readonly #since: number;
  #wasWell = false;
  #failures = 0;

  /** The grace begins now. */
  constructor({ consecutive_failures = 3, grace_period_seconds = 10 }: HealthCheck, now: () => number) {
    this.#mostFailures = consecutive_failures;
    this.#grace = grace_period_seconds * 1000;
    this.#now = now;
    this.#since = now();
  }

  /** Told of the first, and of the first after failures. */
  passed(): HealthNews | undefined {
    const isNews = !this.#wasWell || this.#failures > 0;
    this.#wasWell = true;
    this.#failures = 0;
    return isNews ? { healthy: true, isLast: false } : undefined;
  }

  /** Each is told, but for those before the task was ever well, in its grace. */
  failed(): HealthNews | undefined {
    if (!this.#wasWell && this.#grace > 0 && this.#now() - this.#since <= this.#grace) return undefined;
    this.#failures += 1;
    return { healthy: false, isLast: this.#failures >= this.#mostFailures };
  }
}
