/**
 * Which rows are expanded. VS Code tells of a click; of rows that it remembers as expanded, or that are expanded at first, it
 * only asks for the rows below. So a row counts as expanded from the first question or event on until it is collapsed.
 */
export class Expansion {
  readonly #open = new Set<string>();

  /** In the order in which they were expanded. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  /** Returns whether that is news. */
  opened(id: string): boolean {
    if (this.#open.has(id)) return false;
    this.#open.add(id);
    return true;
  }

  /** Returns whether that is news. */
  collapsed(id: string): boolean {
    return this.#open.delete(id);
  }

  /** Rows that are no more: should they come back, VS Code asks anew. Returns whether there were any. */
  forgetAllBut(rows: ReadonlyMap<string, unknown>): boolean {
    const gone = [...this.#open].filter((id) => !rows.has(id));
    for (const id of gone) this.#open.delete(id);
    return gone.length > 0;
  }
}
