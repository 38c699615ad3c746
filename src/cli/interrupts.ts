/** The signals by which a person or a system asks a command to end. A closed terminal sends SIGHUP. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a process does with signals and its own end; tests make their own. */
export interface ProcessEnds {
  on(signal: NodeJS.Signals, listener: () => void): void;
  exit(code: number): void;
}

export interface Guard {
  /** Called at the second signal; the process ends when it is done. */
  force(): Promise<void>;
  /** The command goes on where nobody reads any more what it says; it ends at signals alone. */
  readonly needsNoReader?: boolean;
}

/** Signals within this time are one: Ctrl-C reaches a process from its terminal and, through npm, once more. */
const sameMs = 700;

/**
 * The first signal aborts `signal`, if a command said that it ends in order on it (`guard`); else, and at the second
 * signal, the process ends at once, after `force`.
 */
export class Interrupts {
  readonly #ends: ProcessEnds;
  readonly #exitCode: number;
  readonly #now: () => number;
  readonly #controller = new AbortController();
  #abortedAt = 0;
  #guarded: Guard | undefined;
  #forcing = false;

  /** `now`: a clock in milliseconds. */
  constructor(ends: ProcessEnds, exitCode: number, now: () => number = () => performance.now()) {
    this.#ends = ends;
    this.#exitCode = exitCode;
    this.#now = now;
    for (const name of endings) ends.on(name, () => this.#interrupt());
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on the command ends in order by itself at the first signal. */
  guard(guard: Guard): void {
    this.#guarded = guard;
  }

  /**
   * The reader of our output is gone: a command that ends in order does so, unless it does its work for nobody's eyes as
   * well; any other ends with `exitCode`.
   */
  hangUp(exitCode: number): void {
    if (this.#guarded?.needsNoReader) return;
    if (this.#guarded) this.#abort();
    else this.#ends.exit(exitCode);
  }

  #interrupt(): void {
    if (this.#guarded && !this.signal.aborted) {
      this.#abort();
      return;
    }
    if (this.signal.aborted && this.#now() - this.#abortedAt < sameMs) return;
    // A third signal does not wait for the force either.
    if (this.#forcing || !this.#guarded) this.#ends.exit(this.#exitCode);
    this.#forcing = true;
    const exit = (): void => this.#ends.exit(this.#exitCode);
    this.#guarded?.force().then(exit, exit);
  }

  #abort(): void {
    if (this.signal.aborted) return;
    this.#abortedAt = this.#now();
    this.#controller.abort();
  }
}
