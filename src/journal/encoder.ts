import { deltaOf, type Json } from './delta.ts';
import { journalFormat, type JournalHeader } from './lines.ts';

/** Writes what is known and how it changes as lines, each ended by a line feed. Times never go back. */
export class Encoder {
  #known = new Map<string, Json>();
  #at = 0;

  /** The keys that the text has so far. */
  keys(): IterableIterator<string> {
    return this.#known.keys();
  }

  header(header: Omit<JournalHeader, 'mesos-airflow' | 'format'>): string {
    return line({ 'mesos-airflow': 'recording', format: journalFormat, ...header });
  }

  /** All that is known, anew. */
  all(at: number, values: ReadonlyMap<string, Json>): string {
    this.#known = new Map(values);
    return line({ at: this.#notBefore(at), all: Object.fromEntries(values) });
  }

  /** Empty where it is no change. */
  set(at: number, key: string, value: Json): string {
    const to = deltaOf(this.#known.get(key), value);
    if (!to) return '';
    this.#known.set(key, value);
    return line({ at: this.#notBefore(at), set: key, to });
  }

  /** Empty where it was not known. */
  drop(at: number, key: string): string {
    return this.#known.delete(key) ? line({ at: this.#notBefore(at), drop: key }) : '';
  }

  /** Of a value that will hardly change again: the next line has it whole. */
  forget(key: string): void {
    this.#known.delete(key);
  }

  end(at: number): string {
    return line({ at: this.#notBefore(at), end: true });
  }

  /** The machine's clock may be set back. */
  #notBefore(at: number): number {
    this.#at = Math.max(this.#at, at);
    return this.#at;
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
