import { BoundedPattern } from './pattern.ts';
import { isAtLeast, type Level, type LogRow } from './row.ts';

/** What is shown of a log; all that is given must hold. */
export interface FilterSpec {
  /** In a row, of any case unless it has a capital letter. */
  readonly text?: string;
  /** A regular expression of JavaScript, found in a row. */
  readonly pattern?: { readonly source: string; readonly flags: string };
  readonly level?: Level;
}

/** `/source/flags` is a regular expression, all else a text. */
export function filterOf(words: string): Pick<FilterSpec, 'text' | 'pattern'> {
  const [, source, flags = ''] = /^\/(.+)\/([dimsuv]*)$/s.exec(words) ?? [];
  return source === undefined ? { text: words } : { pattern: { source, flags } };
}

/** Rows of an entry that is kept until it is known whether it is shown. */
const mostKept = 1000;

/**
 * Lets entries through of which any row has what is asked for, whole: a traceback goes with its first line. Rows may come
 * in any pieces; what is shown of an entry depends only on rows up to the one that matches and those behind it.
 */
export class RowFilter {
  readonly #level: Level | undefined;
  readonly #find: ((texts: readonly string[]) => readonly boolean[]) | undefined;
  /** Of the entry that is going on: whether it is shown, and its rows until that is known. */
  #shown = false;
  #kept: LogRow[] = [];

  /** Throws BadPattern. */
  constructor({ text, pattern, level }: FilterSpec) {
    this.#level = level;
    const finders: ((texts: readonly string[]) => readonly boolean[])[] = [];
    if (text !== undefined && text !== '') finders.push((texts) => finding(text, texts));
    if (pattern) {
      const bounded = new BoundedPattern(pattern.source, pattern.flags);
      finders.push((texts) => bounded.test(texts));
    }
    const [first, second] = finders;
    this.#find =
      first && second
        ? (texts) => {
            const other = second(texts);
            return first(texts).map((found, index) => found && other[index] === true);
          }
        : first;
  }

  /** The rows to be shown now: of these, and of those that waited. Throws PatternTooSlow. */
  push(rows: readonly LogRow[]): LogRow[] {
    const found = this.#find?.(rows.map(({ text }) => text));
    const out: LogRow[] = [];
    for (const [index, row] of rows.entries()) {
      if (row.note) {
        out.push(row);
        continue;
      }
      if (row.head) {
        this.#shown = false;
        this.#kept = [];
      }
      if (this.#shown) out.push(row);
      else if (this.#level !== undefined && !isAtLeast(row.level, this.#level)) continue;
      else if (!found || found[index]) {
        this.#shown = true;
        out.push(...this.#kept, row);
        this.#kept = [];
      } else {
        this.#kept.push(row);
        // Its first row says what it is, its last ones are next to what may be found.
        if (this.#kept.length > mostKept) this.#kept.splice(1, 1);
      }
    }
    return out;
  }

  /** Whether a row that is not whole yet would be shown; it is not remembered. Throws PatternTooSlow. */
  wouldShow(row: LogRow): boolean {
    if (row.note || (this.#shown && !row.head)) return true;
    if (this.#level !== undefined && !isAtLeast(row.level, this.#level)) return false;
    return this.#find === undefined || this.#find([row.text])[0] === true;
  }
}

function finding(text: string, texts: readonly string[]): readonly boolean[] {
  const heedsCase = text !== text.toLowerCase();
  return texts.map((each) => (heedsCase ? each : each.toLowerCase()).includes(text));
}
