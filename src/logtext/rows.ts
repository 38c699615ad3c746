import { mostRecordBytes, recordText } from './airflow.ts';
import { drawn } from './ansi.ts';
import { headOf } from './head.ts';
import { leftOutText, LineSplitter, usualMostBytes, type Line } from './lines.ts';
import type { Level, LogRow, Style } from './row.ts';

// A file's bytes, in the pieces in which they come, become rows.

export interface RowsOptions {
  /** `airflow`: JSON lines, drawn as text; `text` (the usual): as it stands. */
  readonly format?: 'text' | 'airflow';
  /** Where the first byte stands in the file. */
  readonly offset?: number;
}

/** What is known of the entry that is going on. */
interface Entry {
  readonly level: Level | undefined;
  readonly time: number | undefined;
  /** Each entry of this log says its time and level: a line that says neither belongs to the one before. */
  readonly formal: boolean;
}

const traceback = 'Traceback (most recent call last):';
const betweenTracebacks = /^$|^The above exception was the direct cause|^During handling of the above/;
const binaryText = '── not only text: bytes that are none are shown as ␀ and \u{fffd} ──';

export class LogRows {
  readonly #lines: LineSplitter;
  readonly #isAirflow: boolean;
  #style: Style | undefined;
  #entry: Entry | undefined;
  /** Within a Python traceback: its indented lines, or behind its last one, where another may follow. */
  #trace: 'frames' | 'behind' | undefined;
  #isBinary = false;

  constructor({ format = 'text', offset = 0 }: RowsOptions = {}) {
    this.#isAirflow = format === 'airflow';
    const mostBytes = this.#isAirflow ? mostRecordBytes : usualMostBytes;
    this.#lines = new LineSplitter({ offset, mostBytes });
  }

  /** Where the next byte stands in the file. */
  get next(): number {
    return this.#lines.next;
  }

  /** The rows of the lines that these bytes end. */
  push(bytes: Uint8Array): LogRow[] {
    return this.#lines.push(bytes).flatMap((line) => this.#rowsOf(line));
  }

  /** The rows of the line that has not ended yet: they are drawn anew as it goes on. */
  get pending(): readonly LogRow[] {
    const line = this.#lines.pending;
    // The beginning of a record is no text yet.
    if (!line || (this.#isAirflow && line.text.startsWith('{'))) return [];
    const { text, spans } = drawn(line.text, this.#style);
    const head = headOf(text);
    const { level, time } = head ?? this.#entry ?? { level: undefined, time: undefined };
    return [{ text, spans, head: head !== undefined || !this.#entry, level, time, offset: line.offset }];
  }

  /** The rows of what stands behind the last line feed: the file has ended. */
  end(): LogRow[] {
    const line = this.#lines.end();
    return line ? this.#rowsOf(line) : [];
  }

  /** The next bytes stand elsewhere: the file began anew, or a part was skipped. */
  startAt(offset: number): void {
    this.#lines.startAt(offset);
    this.#style = undefined;
    this.#entry = undefined;
    this.#trace = undefined;
  }

  #rowsOf(line: Line): LogRow[] {
    const record = this.#isAirflow && line.leftOut === 0 ? recordText(line.text) : undefined;
    if (!record) return this.#textRows(this.#isAirflow ? folded(line.text) : line.text, line.offset);
    const { level, time, lines } = record;
    this.#entry = { level, time, formal: true };
    this.#trace = undefined;
    return lines.map((each, index) => {
      const { text, spans } = drawn(folded(each));
      return { text, spans, head: index === 0, level, time, offset: line.offset };
    });
  }

  #textRows(line: string, offset: number): LogRow[] {
    const { text, spans, style } = drawn(line, this.#style);
    this.#style = style;
    const head = this.#isHead(text);
    const { level, time } = this.#entry ?? { level: undefined, time: undefined };
    const row = { text, spans, head, level, time, offset };
    if (this.#isBinary || !line.includes('\0')) return [row];
    this.#isBinary = true;
    return [{ ...row, text: binaryText, spans: [], head: true, note: true }, row];
  }

  /** Whether a line begins an entry; notes what is known of it. */
  #isHead(text: string): boolean {
    const said = headOf(text);
    if (said) {
      const formal = said.time !== undefined && said.level !== undefined;
      this.#entry = { level: said.level, time: said.time, formal };
      this.#trace = undefined;
      return true;
    }
    if (this.#entry?.formal) return false;
    const began = text.startsWith(traceback);
    if (this.#entry && this.#goesOn(text, began)) return false;
    this.#trace = began ? 'frames' : undefined;
    this.#entry = { level: began ? 'error' : undefined, time: this.#entry?.time, formal: false };
    return true;
  }

  /** Whether a line that says nothing of itself belongs to the one before. */
  #goesOn(text: string, began: boolean): boolean {
    if (/^\s+\S/.test(text)) return true;
    if (this.#trace === 'frames') {
      // The first line that is not indented is the exception itself.
      this.#trace = 'behind';
      return true;
    }
    if (this.#trace === undefined) return false;
    if (began) this.#trace = 'frames';
    return began || betweenTracebacks.test(text);
  }
}

/** A record may be long where its lines are not: each of them is folded as a line of a file is. */
function folded(text: string): string {
  if (text.length <= usualMostBytes) return text;
  const beginning = text.slice(0, (usualMostBytes * 3) / 4);
  const end = text.slice(-usualMostBytes / 4);
  const encoder = new TextEncoder();
  const middle = text.slice(beginning.length, text.length - end.length);
  return beginning + leftOutText(encoder.encode(middle).length) + end;
}
