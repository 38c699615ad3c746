import type { Style, StyleSpan } from '../../logtext/row.ts';
import type { ShownRow } from '../logs/followed.ts';
import { taskOfLine } from '../runLogs/names.ts';

/** What a line is marked as from end to end. */
export type Trouble = 'error' | 'warning';

export interface LineMarks {
  readonly spans: readonly StyleSpan[];
  readonly trouble?: Trouble;
}

/** Of the terminal's colours those of names: not red, which is for what failed. */
const nameColors = [6, 14, 2, 10, 3, 11, 5, 13, 4, 12];
/** A line in which the document speaks of the log. */
const ofOurs: Style = { italic: true };

/** Gives the names before the lines of a document colours in their order; many share them. */
export class NameStyles {
  readonly #styles = new Map<string, Style>();

  get(name: string): Style {
    const known = this.#styles.get(name);
    if (known) return known;
    const style: Style = { foreground: nameColors[this.#styles.size % nameColors.length] ?? 0 };
    this.#styles.set(name, style);
    return style;
  }
}

export function marksOf({ text, row, indent = 0 }: ShownRow, names: NameStyles): LineMarks {
  if ((!row || row.note) && text.startsWith('──')) {
    return { spans: [{ start: 0, end: text.length, style: ofOurs }] };
  }
  const named = indent > 0 ? taskOfLine(text) : undefined;
  const spans = (row?.spans ?? []).map(({ start, end, style }) => ({
    start: start + indent,
    end: end + indent,
    style,
  }));
  if (named) spans.unshift({ start: 0, end: named.end, style: names.get(named.task) });
  const trouble = troubleOf(row?.level);
  return { spans, ...(trouble ? { trouble } : {}) };
}

function troubleOf(level: string | undefined): Trouble | undefined {
  if (level === 'error' || level === 'critical') return 'error';
  return level === 'warning' ? 'warning' : undefined;
}
