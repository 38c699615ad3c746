import type { Disposable } from './dispose.ts';

/** Runs `act` soon after `poke`, but never twice within `intervalMs`: what comes meanwhile is gathered into the next run. */
export class Throttle implements Disposable {
  readonly #intervalMs: number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = -Infinity;

  constructor(intervalMs: number, act: () => void) {
    this.#intervalMs = intervalMs;
    this.#act = act;
  }

  poke(): void {
    if (this.#timer) return;
    this.#runIn(Math.max(0, this.#last + this.#intervalMs - performance.now()));
  }

  /** Runs it at once, whenever it ran last: for what somebody waits for. */
  hurry(): void {
    clearTimeout(this.#timer);
    this.#runIn(0);
  }

  #runIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.#act();
    }, ms);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
