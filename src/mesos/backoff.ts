export interface BackoffOptions {
  /** Milliseconds; the first pause is up to this long. Default 500, as libmesos. */
  firstMs?: number;
  /** Milliseconds; no pause is longer. Default 15,000. */
  maxMs?: number;
  /** A number in [0, 1); default Math.random. */
  random?: () => number;
}

/**
 * Exponential backoff with full jitter: each pause is a random part of a span that doubles, so that a thousand
 * schedulers that lost one master don't come back to it in step.
 */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #pauses = 0;

  constructor(options: BackoffOptions = {}) {
    this.#firstMs = options.firstMs ?? 500;
    this.#maxMs = options.maxMs ?? 15_000;
    this.#random = options.random ?? Math.random;
  }

  /** The longest that any pause may be, in milliseconds. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** How long to pause now, in milliseconds. */
  next(): number {
    const span = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#pauses);
    this.#pauses++;
    return this.#random() * span;
  }

  /** All is well: the next pause is a first one. */
  reset(): void {
    this.#pauses = 0;
  }
}
