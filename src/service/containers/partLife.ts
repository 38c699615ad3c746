import type { PartReport, PartView } from '../../api/people.ts';
import type { Lack } from './lack.ts';

/** When what is seen of a part counts for something. Milliseconds. */
export interface Patience {
  /** A part that is not ready by then counts as failed, but is waited for still. */
  readonly ready: number;
  /** Docker starts a dead container again at once, or after pauses that double; one that is away for longer counts as failed. */
  readonly away: number;
  /** So many failed checks in a row make a part that was ready count as failed. */
  readonly silentChecks: number;
  /** A life shorter than this is a quick death; after so many in a row the part counts as failed. */
  readonly quickLife: number;
  readonly quickDeaths: number;
}

export const usualPatience: Patience = {
  ready: 180_000,
  away: 10_000,
  silentChecks: 3,
  quickLife: 60_000,
  quickDeaths: 5,
};

/**
 * What is known of one container's part, from two sources: checks, which see it from outside, and reports of what Docker
 * says. Both carry when they were true, by clocks of one machine, so that it does not matter in which order they arrive.
 */
export class PartLife {
  readonly #patience: Patience;
  /** Reports of the time before are history. */
  readonly #watchedSince: number;
  #phase: 'starting' | 'ready' | 'silent' | 'down' = 'starting';
  /** When the present phase of its life began: its start, or its death. */
  #since: number;
  /** When it last was in order for certain. */
  #aliveAt = -Infinity;
  #readySince = -Infinity;
  #reportAt = -Infinity;
  #diedAt = -Infinity;
  /** What Docker does about its end; unknown where only looks have seen that. */
  #docker: 'restarts' | 'leaves it' | 'unknown' = 'unknown';
  #detail = '';
  #deathsInARow = 0;
  #silentChecks = 0;
  #restarts = 0;

  constructor(now: number, patience: Patience = usualPatience) {
    this.#patience = patience;
    this.#watchedSince = now;
    this.#since = now;
  }

  /** Since when the present life is known of: signs of an older one don't count. */
  get since(): number {
    return this.#since;
  }

  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** A check passed: it was in order at `at`. */
  inOrder(at: number): void {
    if (at < this.#since) return;
    if (this.#phase === 'down') this.#cameBack();
    if (this.#phase !== 'ready') this.#readySince = at;
    this.#phase = 'ready';
    this.#aliveAt = Math.max(this.#aliveAt, at);
    this.#silentChecks = 0;
    this.#detail = '';
  }

  /** A check or a look failed at `now`. */
  lacks(kind: Lack['kind'], detail: string, now: number): void {
    if (this.#phase === 'down' || (this.#phase === 'ready' && kind === 'unknown')) return;
    if (kind === 'gone' && this.#phase !== 'starting') {
      this.#die(now, detail, 'unknown');
      return;
    }
    this.#silentChecks += 1;
    if (this.#phase === 'ready' && this.#silentChecks < this.#patience.silentChecks) return;
    if (this.#phase === 'ready') this.#phase = 'silent';
    this.#detail = detail;
  }

  /** Docker's word. */
  reported({ state, detail, at: told }: PartReport, now: number): void {
    // A clock that is ahead would make it newer than all checks to come.
    const at = Math.min(told, now);
    if (at <= this.#reportAt) return;
    this.#reportAt = at;
    if (at <= this.#aliveAt) {
      // It has been alive since: a restart so quick that no check saw it.
      if (state !== 'running' && at > Math.max(this.#diedAt, this.#watchedSince)) {
        this.#diedAt = at;
        this.#restarts += 1;
      }
      return;
    }
    if (state === 'running') this.#started(at);
    else this.#die(at, detail, state === 'restarting' ? 'restarts' : 'leaves it');
  }

  view(now: number): Pick<PartView, 'state' | 'detail' | 'restarts'> {
    return { ...this.#state(now), restarts: this.#restarts };
  }

  #state(now: number): Pick<PartView, 'state' | 'detail'> {
    const { away, quickDeaths, ready } = this.#patience;
    const detail = this.#detail;
    if (this.#phase === 'ready') return { state: 'ready', detail };
    if (this.#phase === 'silent') return { state: 'failed', detail: `does not answer: ${detail}` };
    if (this.#deathsInARow >= quickDeaths) {
      return { state: 'failed', detail: `ended ${this.#deathsInARow} times in a row: ${detail}` };
    }
    const ago = now - this.#since;
    if (this.#phase === 'down') {
      const comesBack = this.#docker === 'restarts' || (this.#docker === 'unknown' && ago < away);
      return { state: comesBack ? 'restarting' : 'failed', detail };
    }
    if (ago < ready) return { state: 'starting', detail };
    return {
      state: 'failed',
      detail: `not ready after ${Math.round(ready / 1000)} s, still waiting: ${detail}`,
    };
  }

  #started(at: number): void {
    // Ready before it was started is ready in an earlier life, whose end nobody told.
    if (this.#phase === 'ready' || this.#phase === 'silent') this.#die(at, '', 'restarts');
    if (this.#phase === 'down') this.#cameBack();
    this.#phase = 'starting';
    this.#since = at;
    this.#detail = this.#deathsInARow === 0 ? '' : this.#detail;
  }

  #cameBack(): void {
    this.#restarts += 1;
    this.#silentChecks = 0;
  }

  #die(at: number, detail: string, docker: 'restarts' | 'leaves it' | 'unknown'): void {
    this.#docker = docker;
    this.#detail = detail;
    // A report of the very death that a look has seen already tells more of it.
    if (this.#phase === 'down') return;
    const wasLong = this.#phase !== 'starting' && at - this.#readySince > this.#patience.quickLife;
    this.#deathsInARow = wasLong ? 1 : this.#deathsInARow + 1;
    this.#phase = 'down';
    this.#since = at;
    this.#diedAt = at;
  }
}
