import type { Clock, Timer } from './types.ts';

const longestMs = 60_000;

/**
 * Asks for each of a set of things again and again, at growing intervals, until it is taken out of the set. Rests while
 * `paused`; resuming asks for all of them at once.
 */
export class Repeat {
  readonly #clock: Clock;
  readonly #firstMs: number;
  readonly #ask: (ids: readonly string[]) => void;
  readonly #due = new Map<string, { at: number; pause: number }>();
  #timer: Timer | null = null;
  #paused = true;

  constructor(clock: Clock, firstMs: number, ask: (ids: readonly string[]) => void) {
    this.#clock = clock;
    this.#firstMs = firstMs;
    this.#ask = ask;
  }

  get size(): number {
    return this.#due.size;
  }

  /** Asks at once, or after that many milliseconds, unless it is in the set already. */
  add(ids: Iterable<string>, afterMs = 0): void {
    let added = false;
    for (const id of ids) {
      if (this.#due.has(id)) continue;
      this.#due.set(id, { at: this.#clock.now() + afterMs, pause: this.#firstMs });
      added = true;
    }
    if (added) this.#run();
  }

  delete(id: string): void {
    this.#due.delete(id);
  }

  clear(): void {
    this.#due.clear();
  }

  pause(): void {
    this.#paused = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  resume(): void {
    this.#paused = false;
    const now = this.#clock.now();
    for (const id of this.#due.keys()) this.#due.set(id, { at: now, pause: this.#firstMs });
    this.#run();
  }

  #run(): void {
    if (this.#paused) return;
    const now = this.#clock.now();
    const ids: string[] = [];
    for (const [id, { at, pause }] of this.#due) {
      if (at > now) continue;
      ids.push(id);
      this.#due.set(id, { at: now + pause, pause: Math.min(2 * pause, longestMs) });
    }
    if (ids.length > 0) this.#ask(ids);
    this.#timer?.cancel();
    this.#timer = null;
    let next = Infinity;
    for (const { at } of this.#due.values()) next = Math.min(next, at);
    if (next < Infinity) this.#timer = this.#clock.after(Math.max(0, next - now), () => this.#run());
  }
}
