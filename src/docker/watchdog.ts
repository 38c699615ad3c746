/** Aborts its signal when it is not fed for long enough. */
export class Watchdog {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  /** `limitMs` counts until it is first fed. */
  constructor(limitMs: number) {
    this.#timer = this.#after(limitMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits anew, for this long. */
  feed(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#after(limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #after(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), limitMs);
  }
}
