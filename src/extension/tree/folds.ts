import type { Memory } from './taskRuns/view.ts';

/** So many rows are remembered, those that were folded last. */
const mostRemembered = 300;

/**
 * Which rows of a view were left expanded or collapsed, so that they are after a reload of the window: VS Code itself
 * forgets that of a tree with its window.
 */
export class Folds {
  readonly #memory: Memory;
  readonly #key: string;
  readonly #isOpen: Map<string, boolean>;

  constructor(memory: Memory, viewId: string) {
    this.#memory = memory;
    this.#key = `folds of ${viewId}`;
    this.#isOpen = new Map(entriesIn(memory.get(this.#key)));
  }

  /** Undefined: nobody has touched it. */
  isOpen(id: string): boolean | undefined {
    return this.#isOpen.get(id);
  }

  set(id: string, isOpen: boolean): void {
    if (this.#isOpen.get(id) === isOpen) return;
    this.#isOpen.delete(id);
    this.#isOpen.set(id, isOpen);
    const [oldest] = this.#isOpen.keys();
    if (this.#isOpen.size > mostRemembered && oldest !== undefined) this.#isOpen.delete(oldest);
    void this.#memory.update(this.#key, [...this.#isOpen]);
  }
}

/** What was stored, or nothing of what was not stored by this version. */
function entriesIn(stored: unknown): (readonly [string, boolean])[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (entry): entry is [string, boolean] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'boolean',
  );
}
