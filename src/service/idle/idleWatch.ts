import { messageOf } from '../../host/errors.ts';

export interface IdleOptions {
  /** For how long nobody has to look and nothing has to run. Milliseconds. */
  readonly limitMs: number;
  /** How many follow the cluster's events now. */
  readonly clients: () => number;
  /** How many task runs are not over. */
  readonly unfinished: () => number;
  /**
   * What the cluster is kept for though nobody looks and no task runs: only asked once that has lasted. `now`: it is
   * something that goes on; `later`: something that is to come. Throws where it cannot be said.
   */
  readonly needed: () => Promise<{ readonly when: 'now' | 'later'; readonly what: string } | undefined>;
  /** It was idle for so long. */
  readonly onIdle: () => void;
  readonly log: { info(message: string): void };
  /** Milliseconds of a clock that stands still while the machine sleeps. Default: performance.now. */
  readonly now?: () => number;
}

/** Each look is cheap; between two of them short tasks are heard of by `touch`. */
const longestPauseMs = 30_000;

/** Tells once the cluster has been idle for as long as was set. */
export class IdleWatch {
  readonly #options: IdleOptions;
  readonly #now: () => number;
  #since: number;
  /** Not asked again before. */
  #askAt = 0;
  /** Being asked just now, or never again. */
  #asking = false;
  #told = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#since = this.#now();
  }

  start(): void {
    const pause = Math.min(longestPauseMs, Math.max(50, this.#options.limitMs / 10));
    this.touch();
    this.#timer = setInterval(() => void this.look(), pause);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Somebody asked for something, or a task changed. */
  touch(): void {
    this.#since = this.#now();
  }

  async look(): Promise<void> {
    const { clients, limitMs, unfinished } = this.#options;
    if (clients() > 0 || unfinished() > 0) this.touch();
    const now = this.#now();
    if (now - this.#since < limitMs || now < this.#askAt || this.#asking) return;
    this.#asking = true;
    const since = this.#since;
    const isNeeded = await this.#isNeeded(now - since);
    // Or somebody came while Airflow was asked.
    if (isNeeded || this.#since !== since || clients() > 0 || unfinished() > 0) {
      this.#asking = false;
      return;
    }
    this.stop();
    this.#options.onIdle();
  }

  async #isNeeded(idleMs: number): Promise<boolean> {
    const { limitMs, log, needed } = this.#options;
    this.#askAt = this.#now() + limitMs / 10;
    try {
      const need = await needed();
      if (!need) return false;
      if (need.what !== this.#told) log.info(`nobody looks and no task runs; it is kept for ${need.what}`);
      this.#told = need.what;
      if (need.when === 'now') this.touch();
      return true;
    } catch (error) {
      // An Airflow that has not answered for as long again keeps no schedule either.
      if (idleMs >= 2 * limitMs) return false;
      log.info(
        `nobody looks and no task runs, but Airflow does not say what is to come: ${messageOf(error)}`,
      );
      return true;
    }
  }
}
