/** Lets the last so many through of what comes until `open`, and then everything. */
export class LastRows<T> {
  readonly #most: number;
  #held: T[] = [];
  #isOpen: boolean;

  /** `most`: undefined lets everything through. */
  constructor(most: number | undefined) {
    this.#most = most ?? 0;
    this.#isOpen = most === undefined;
  }

  push(rows: readonly T[]): readonly T[] {
    if (this.#isOpen) return rows;
    for (const row of rows) this.#held.push(row);
    // Seldom enough that each is moved but a few times.
    if (this.#held.length > 2 * this.#most + 1000) this.#trim();
    return [];
  }

  open(): readonly T[] {
    if (this.#isOpen) return [];
    this.#isOpen = true;
    this.#trim();
    return this.#held.splice(0);
  }

  #trim(): void {
    this.#held.splice(0, Math.max(0, this.#held.length - this.#most));
  }
}
