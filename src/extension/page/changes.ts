import type { Changes } from '../../page/protocol.ts';

/** What a list became since it was told last. */
export class ListChanges<T extends { readonly id: string }> {
  #told: ReadonlyMap<string, string> | undefined;

  /** The next message tells all of it. */
  forget(): void {
    this.#told = undefined;
  }

  next(list: readonly T[]): Changes<T> {
    const before = this.#told;
    const now = new Map<string, string>();
    const changed: T[] = [];
    for (const one of list) {
      const text = JSON.stringify(one);
      now.set(one.id, text);
      if (before?.get(one.id) !== text) changed.push(one);
    }
    this.#told = now;
    const gone = before ? [...before.keys()].filter((id) => !now.has(id)) : [];
    return { anew: before === undefined, changed, gone };
  }
}
