import type { LogRow } from '../../logtext/row.ts';

/** So many rows at a log's beginning wait for one that says its time. */
const mostWaiting = 1000;

/**
 * Leaves out rows of before an instant. A row that says no time is as old as the one before it; at a log's beginning, as the
 * first one that says its time.
 */
export class SinceFilter {
  readonly #since: number;
  #waiting: LogRow[] = [];
  #state: 'unknown' | 'timeless' | 'timed' = 'unknown';
  #isShown = false;

  constructor(since: number) {
    this.#since = since;
  }

  /** No row has said its time, so that none could be left out. */
  get isTimeless(): boolean {
    return this.#state === 'timeless';
  }

  /** The rows to be shown now: of these, and of those that waited. */
  push(rows: readonly LogRow[]): LogRow[] {
    return rows.flatMap((row) => (row.note ? [row] : this.#next(row)));
  }

  /** For now no more comes: what waits is shown. */
  settle(): LogRow[] {
    if (this.#state !== 'unknown' || this.#waiting.length === 0) return [];
    this.#state = 'timeless';
    return this.#waiting.splice(0);
  }

  #next(row: LogRow): LogRow[] {
    if (row.time !== undefined) {
      this.#state = 'timed';
      this.#isShown = row.time >= this.#since;
      const before = this.#waiting.splice(0);
      return this.#isShown ? [...before, row] : [];
    }
    if (this.#state === 'timed') return this.#isShown ? [row] : [];
    if (this.#state === 'timeless') return [row];
    this.#waiting.push(row);
    return this.#waiting.length > mostWaiting ? this.settle() : [];
  }
}
