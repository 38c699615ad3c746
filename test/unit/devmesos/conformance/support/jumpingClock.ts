import type { Clock, Timer } from '../../../../../src/devmesos/clock.ts';

interface Pending {
  at: number;
  readonly every: number | undefined;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** The machine's time, which a test can let jump: for what waits for real processes. */
export class JumpingClock implements Clock {
  #offset = 0;
  readonly #pending = new Set<Pending>();

  now(): number {
    return Date.now() + this.#offset;
  }

  after(milliseconds: number, run: () => void): Timer {
    return this.#add({ at: this.now() + milliseconds, every: undefined, run, handle: undefined });
  }

  every(milliseconds: number, run: () => void): Timer {
    return this.#add({ at: this.now() + milliseconds, every: milliseconds, run, handle: undefined });
  }

  /** Lets so much time pass at once: what is due in it happens now. */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    for (const pending of this.#pending) this.#arm(pending);
  }

  #add(pending: Pending): Timer {
    this.#pending.add(pending);
    this.#arm(pending);
    return {
      cancel: () => {
        clearTimeout(pending.handle);
        this.#pending.delete(pending);
      },
    };
  }

  #arm(pending: Pending): void {
    clearTimeout(pending.handle);
    const wait = Math.min(Math.max(0, pending.at - this.now()), 2 ** 31 - 1);
    pending.handle = setTimeout(() => this.#fire(pending), wait);
    pending.handle.unref();
  }

  #fire(pending: Pending): void {
    if (!this.#pending.has(pending)) return;
    if (pending.at > this.now()) {
      this.#arm(pending);
      return;
    }
    if (pending.every === undefined) {
      this.#pending.delete(pending);
    } else {
      pending.at = Math.max(pending.at + pending.every, this.now());
      this.#arm(pending);
    }
    pending.run();
  }
}
