import type { Changes } from '../../page/protocol.ts';

/** What a list became since it was told last. */
export class ListChanges<T extends { readonly id: string }> {
  #told: ReadonlyMap<string, string> | undefined;
  #madeFrom: readonly unknown[] = [];

  /** The next message tells all of it. */
  forget(): void {
    this.#told = undefined;
  }

  /** `from`: all that the list is made from. State is replaced, never changed: with the same, it isn't made again. */
  next(from: readonly unknown[], make: () => readonly T[]): Changes<T> {
    const before = this.#told;
    const isSame = from.every((one, index) => one === this.#madeFrom[index]);
    if (before && isSame) return { anew: false, changed: [], gone: [] };
    this.#madeFrom = from;
    const now = new Map<string, string>();
    const changed: T[] = [];
    for (const one of make()) {
      const text = JSON.stringify(one);
      now.set(one.id, text);
      if (before?.get(one.id) !== text) changed.push(one);
    }
    this.#told = now;
    const gone = before ? [...before.keys()].filter((id) => !now.has(id)) : [];
    return { anew: before === undefined, changed, gone };
  }
}
