import { setTimeout as delay } from 'node:timers/promises';
import { ServiceProblem, ServiceUnreachable } from '../../client/errors.ts';
import type { ClusterLink } from '../cluster.ts';

export interface OutageOptions {
  /** Milliseconds after which it is given up. */
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

const firstPauseMs = 250;
const longestPauseMs = 5000;

/** Sees to it that the service answers again, and says once that it does not, and once that it does. */
export class Outage {
  readonly #link: Pick<ClusterLink, 'revive'>;
  readonly #options: OutageOptions;
  #since: number | undefined;
  #pause = firstPauseMs;

  constructor(link: Pick<ClusterLink, 'revive'>, options: OutageOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** The service answers. */
  over(): void {
    if (this.#since !== undefined) this.#options.tell('The service answers again.');
    this.#since = undefined;
    this.#pause = firstPauseMs;
  }

  /** To be called for each call that fails; resolves when it is worth another try. Throws what is no outage, or too long. */
  async wait(error: unknown): Promise<void> {
    const { patience, signal, tell } = this.#options;
    if (signal.aborted || !isOutage(error)) throw error;
    const now = performance.now();
    if (this.#since === undefined) {
      this.#since = now;
      tell('The cluster’s service does not answer; trying again.');
    } else {
      if (now - this.#since > patience) throw error;
      await delay(this.#pause, undefined, { signal });
      this.#pause = Math.min(2 * this.#pause, longestPauseMs);
    }
    try {
      await this.#link.revive();
    } catch (again) {
      if (!isOutage(again)) throw again;
    }
  }
}

/** The service is away, or just being started. */
function isOutage(error: unknown): boolean {
  return error instanceof ServiceUnreachable || (error instanceof ServiceProblem && error.status >= 500);
}
