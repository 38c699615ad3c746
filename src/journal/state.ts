import { applied, type Json } from './delta.ts';
import type { Line } from './lines.ts';

/** What a journal knows, line after line. */
export class RecordedState {
  #values = new Map<string, Json>();
  #at = 0;

  /** The time of the last line. */
  get at(): number {
    return this.#at;
  }

  get values(): ReadonlyMap<string, Json> {
    return this.#values;
  }

  /** Returns the keys that are otherwise now. Throws DeltaMisfit where the line does not go with those before it. */
  apply(line: Line): readonly string[] {
    switch (line.kind) {
      case 'header':
      case 'end':
        return [];
      case 'all': {
        const before = this.#values;
        this.#values = new Map(Object.entries(line.all));
        this.#at = line.at;
        return changedBetween(before, this.#values);
      }
      case 'set':
        this.#values.set(line.set, applied(this.#values.get(line.set), line.to));
        this.#at = line.at;
        return [line.set];
      case 'drop':
        this.#at = line.at;
        return this.#values.delete(line.drop) ? [line.drop] : [];
    }
  }

  /** A state of its own that is the same now. */
  copy(): RecordedState {
    const copy = new RecordedState();
    copy.#values = new Map(this.#values);
    copy.#at = this.#at;
    return copy;
  }
}

function changedBetween(before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>): string[] {
  const changed = [...before.keys()].filter((key) => !after.has(key));
  for (const [key, value] of after) {
    if (JSON.stringify(before.get(key)) !== JSON.stringify(value)) changed.push(key);
  }
  return changed;
}
