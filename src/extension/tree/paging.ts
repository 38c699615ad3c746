import { Emitter } from '../emitter.ts';
import { moreRow, type Branch } from './rows.ts';

/** How much a view shows of its long lists: a page at first, and another for each "load more". */
export class Paging {
  readonly #view: string;
  /** Pages beyond the first, by the row above them. */
  readonly #more = new Map<string, number>();
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(view: string) {
    this.#view = view;
  }

  /** Shows another page below `parent`. */
  loadMore(parent: string): void {
    this.#more.set(parent, this.pages(parent));
    this.#changed.fire();
  }

  /** How many pages are shown below `parent`. */
  pages(parent: string): number {
    return 1 + (this.#more.get(parent) ?? 0);
  }

  /** The rows of those things that are shown, and the one that shows more. `parent`: the row above; the view's id at the top. */
  rows<T>(parent: string, all: readonly T[], pageSize: number, row: (one: T) => Branch): Branch[] {
    const shown = all.slice(0, pageSize * this.pages(parent)).map(row);
    if (shown.length === all.length) return shown;
    return [...shown, moreRow(this.#view, parent, `${shown.length} / ${all.length}`)];
  }
}
