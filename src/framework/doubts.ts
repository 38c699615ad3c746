import type { Doubts } from './lifecycle.ts';
import type { Settings } from './options.ts';
import type { Clock } from './types.ts';

// Longer than an agent's first retry of an unacknowledged update, which is 10 s (Mesos 1.11 src/slave/constants.hpp).
const originalMs = 15_000;

/** What makes the master's word uncertain. In memory: a new process has no call under way. */
export class DoubtBook {
  readonly #clock: Clock;
  readonly #settings: Settings;
  /** Attempts whose ACCEPT is not answered (null), or when it was. */
  readonly #accepts = new Map<string, number | null>();
  /** Attempts that reconciliation called ended, and when it did first. */
  readonly #endedByReconciliation = new Map<string, number>();
  #newMasterUntil = 0;

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  accepting(ids: readonly string[]): void {
    for (const id of ids) this.#accepts.set(id, null);
  }

  answered(ids: readonly string[]): void {
    for (const id of ids) if (this.#accepts.has(id)) this.#accepts.set(id, this.#clock.now());
  }

  /** The subscription is over: its calls will not be carried out any more, or were. */
  disconnected(): void {
    this.#accepts.clear();
    this.#endedByReconciliation.clear();
  }

  masterChanged(): void {
    this.#newMasterUntil = this.#clock.now() + this.#settings.masterChangeGraceMs;
  }

  endedByReconciliation(id: string): void {
    if (!this.#endedByReconciliation.has(id)) this.#endedByReconciliation.set(id, this.#clock.now());
  }

  /** The attempt is over. */
  settled(id: string): void {
    this.#accepts.delete(id);
    this.#endedByReconciliation.delete(id);
  }

  about(id: string): Doubts {
    const now = this.#clock.now();
    const answered = this.#accepts.get(id);
    const since = this.#endedByReconciliation.get(id);
    return {
      inFlight:
        answered === null || (answered !== undefined && now - answered < this.#settings.acceptGraceMs),
      newMaster: now < this.#newMasterUntil,
      waitedForOriginal: since !== undefined && now - since >= originalMs,
    };
  }
}
