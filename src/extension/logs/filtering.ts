import * as l10n from '@vscode/l10n';
import { RowFilter } from '../../logtext/filter.ts';
import { BadPattern, PatternTooSlow } from '../../logtext/pattern.ts';
import type { LogRow } from '../../logtext/row.ts';
import { specOf, wordsOf, type LogFilter } from './view.ts';

/** A person's filter on rows that grow. Where it cannot be obeyed all rows are shown, and it says why. */
export class Filtering {
  #filter: LogFilter | undefined;
  #made: RowFilter | undefined;
  #trouble: string | undefined;
  /** Of rows of this number, so many were looked at, and these passed. */
  #epoch = -1;
  #seen = 0;
  #passed: LogRow[] = [];

  set(filter: LogFilter | undefined): void {
    this.#filter = filter;
    this.#trouble = undefined;
    this.#begin(-1);
  }

  /** What it says in the document's first line; undefined where nothing is filtered. */
  get words(): string | undefined {
    if (this.#trouble !== undefined) return this.#trouble;
    if (!this.#made || !this.#filter) return undefined;
    return l10n.t('filtered: {0}', wordsOf(this.#filter));
  }

  /**
   * The rows that pass, and of the unfinished ones behind them. Rows of the same epoch only grow at their end, so that no
   * row is looked at twice; without one all are looked at.
   */
  pass(rows: readonly LogRow[], epoch?: number, pending: readonly LogRow[] = []): readonly LogRow[] {
    if (this.#made && (epoch === undefined || epoch !== this.#epoch)) this.#begin(epoch ?? -1);
    const made = this.#made;
    if (!made) return pending.length === 0 ? rows : [...rows, ...pending];
    try {
      for (const row of made.push(rows.slice(this.#seen))) this.#passed.push(row);
      this.#seen = rows.length;
      return [...this.#passed, ...pending.filter((row) => made.wouldShow(row))];
    } catch (error) {
      this.#give(error);
      return [...rows, ...pending];
    }
  }

  #begin(epoch: number): void {
    this.#epoch = epoch;
    this.#seen = 0;
    this.#passed = [];
    this.#made = undefined;
    const spec = this.#trouble === undefined ? specOf(this.#filter) : undefined;
    if (!spec) return;
    try {
      this.#made = new RowFilter(spec);
    } catch (error) {
      this.#give(error);
    }
  }

  #give(error: unknown): void {
    this.#made = undefined;
    const words = this.#filter?.words ?? '';
    if (error instanceof PatternTooSlow) {
      this.#trouble = l10n.t('not filtered: {0} takes too long on these lines', words);
    } else if (error instanceof BadPattern) {
      this.#trouble = l10n.t('not filtered: {0} is no regular expression ({1})', words, error.message);
    } else throw error;
  }
}
