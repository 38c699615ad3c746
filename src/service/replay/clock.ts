/** The time in a recording: it goes faster or slower than the day's, stands still, and is set at will. */
export class ReplayClock {
  readonly from: number;
  readonly to: number;
  readonly #now: () => number;
  /** Where it was at `#since` of the day's time. */
  #base: number;
  #since: number;
  #speed: number;
  #paused = false;

  /** `now`: a clock of the day in milliseconds that is never set back. */
  constructor(
    from: number,
    to: number,
    options: { readonly at?: number; readonly speed?: number; readonly now?: () => number } = {},
  ) {
    this.from = from;
    this.to = to;
    this.#now = options.now ?? (() => performance.now());
    this.#since = this.#now();
    this.#speed = options.speed ?? 1;
    this.#base = this.#within(options.at ?? from);
  }

  /** Milliseconds since the epoch, whole. */
  get at(): number {
    if (this.#paused) return this.#base;
    return Math.floor(Math.min(this.to, this.#base + (this.#now() - this.#since) * this.#speed));
  }

  get speed(): number {
    return this.#speed;
  }

  /** Also at its end. */
  get paused(): boolean {
    return this.#paused || this.at >= this.to;
  }

  /** To a time; outside of the recording, to its beginning or end. */
  seek(at: number): void {
    this.#base = this.#within(at);
    this.#since = this.#now();
  }

  setSpeed(speed: number): void {
    this.seek(this.at);
    this.#speed = speed;
  }

  pause(): void {
    this.seek(this.at);
    this.#paused = true;
  }

  /** Goes on; at the end, from the beginning. */
  play(): void {
    this.seek(this.at >= this.to ? this.from : this.at);
    this.#paused = false;
  }

  #within(at: number): number {
    return Math.min(this.to, Math.max(this.from, Math.floor(at)));
  }
}
