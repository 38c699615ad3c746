/** Gives each original a stand-in of its own, the same wherever it occurs. */
export class StandIns {
  readonly #given = new Map<string, string>();
  readonly #make: (number: number) => string;

  /** `make`: the stand-in of the n-th original, from 1 on. */
  constructor(make: (number: number) => string) {
    this.#make = make;
  }

  for(original: string): string {
    const known = this.#given.get(original);
    if (known !== undefined) return known;
    const made = this.#make(this.#given.size + 1);
    this.#given.set(original, made);
    return made;
  }

  /** The originals so far. */
  originals(): IterableIterator<string> {
    return this.#given.keys();
  }
}
