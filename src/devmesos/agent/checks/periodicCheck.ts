import type { CheckTimes, CheckStatusInfo } from '../../../mesos/types.ts';
import type { Clock, Timer } from '../../clock.ts';

export interface PeriodicCheckOptions {
  readonly clock: Clock;
  readonly times: CheckTimes;
  /** Asks once; rejects where that can't be done, or with the signal's reason. */
  readonly ask: (signal: AbortSignal) => Promise<CheckStatusInfo>;
  readonly onResult: (result: CheckStatusInfo | Error) => void;
}

/** Asks something of a task again and again, as long after its delay, and after each answer, as Mesos waits. */
export class PeriodicCheck {
  readonly #options: PeriodicCheckOptions;
  readonly #delay: number;
  readonly #interval: number;
  /** 0: none. */
  readonly #timeout: number;
  #timer: Timer | undefined;
  #asking: AbortController | undefined;
  #stopped = false;

  constructor(options: PeriodicCheckOptions) {
    const { delay_seconds = 15, interval_seconds = 10, timeout_seconds = 20 } = options.times;
    this.#options = options;
    this.#delay = delay_seconds * 1000;
    this.#interval = interval_seconds * 1000;
    this.#timeout = timeout_seconds * 1000;
  }

  start(): void {
    this.#next(this.#delay);
  }

  /** What was asked is not waited for. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#asking?.abort();
  }

  #next(wait: number): void {
    if (!this.#stopped) this.#timer = this.#options.clock.after(wait, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const timeout =
      this.#timeout > 0
        ? this.#options.clock.after(this.#timeout, () => asking.abort(timedOut(this.#timeout)))
        : undefined;
    let result: CheckStatusInfo | Error;
    try {
      result = await this.#options.ask(asking.signal);
    } catch (error) {
      result = error instanceof Error ? error : new Error(String(error));
    }
    timeout?.cancel();
    if (this.#stopped) return;
    this.#options.onResult(result);
    this.#next(this.#interval);
  }
}

function timedOut(milliseconds: number): Error {
  return new Error(`timed out after ${milliseconds / 1000}secs`);
}
