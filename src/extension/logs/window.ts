import type { LogRow } from '../../logtext/row.ts';
import { LogRows } from '../../logtext/rows.ts';

/** What a row weighs beside its text: a million empty lines are not nothing. */
const rowCharacters = 20;

/**
 * A part of a file, as rows: grows at its end as the file does, at its beginning as earlier pieces are read, and is cut at
 * either. Offsets count bytes of the file.
 */
export class LogWindow {
  readonly #format: 'text' | 'airflow';
  #maker: LogRows;
  #rows: LogRow[] = [];
  #characters = 0;
  #from = 0;
  /** So many of its first rows are of a file that has made way for this one. */
  #foreign = 0;
  /** The next bytes begin within a line whose beginning is not to be had. */
  #isWithinLine = false;
  #isFresh = true;
  #isCut = false;
  #epoch = 0;

  constructor(format: 'text' | 'airflow' = 'text') {
    this.#format = format;
    this.#maker = this.#makerAt(0);
  }

  /** Of whole lines: `pending` may follow. */
  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  /** The rows of the line that has not ended yet. */
  get pending(): readonly LogRow[] {
    return this.#maker.pending;
  }

  /** Another number each time that rows were changed other than by new ones at the end. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Nothing was read yet. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Where it begins in the file. */
  get from(): number {
    return this.#from;
  }

  /** Where to read on. */
  get next(): number {
    return this.#maker.next;
  }

  /** Lines before it are not in it. */
  get isCut(): boolean {
    return this.#isCut || this.#from > 0;
  }

  /** Whether what lies before it can be read: not of a file that is no more. */
  get hasEarlier(): boolean {
    return this.#from > 0 && this.#foreign === 0;
  }

  /** How much it holds: the characters of its rows, and something for each row. */
  get characters(): number {
    return this.#characters;
  }

  /** Bytes of the file from `offset` on. */
  append(offset: number, data: Uint8Array): void {
    let [at, bytes] = [offset, data];
    if (this.#isFresh) {
      this.#isFresh = false;
      this.#startAt(at);
      this.#from = at;
    } else if (at !== this.next) {
      this.#push(this.#maker.end());
      this.#startAt(at);
    }
    if (this.#isWithinLine) {
      this.#isWithinLine = false;
      const skipped = restOfLine(bytes);
      at += skipped;
      bytes = bytes.subarray(skipped);
      this.#startAt(at, false);
      if (this.#rows.length === 0) this.#from = at;
    }
    this.#push(this.#maker.push(bytes));
  }

  /** Something to be said of the file, where it is read to. */
  note(text: string): void {
    this.#push([...this.#maker.end(), noteRow(text, this.next)]);
  }

  /** The file has made way for another one, whose offsets begin at 0. */
  beginAnew(text: string): void {
    this.note(text);
    this.#foreign = this.#rows.length;
    this.#isCut ||= this.#from > 0;
    this.#isFresh = false;
    this.#from = 0;
    this.#startAt(0);
  }

  /** The file has ended: so has its last line. */
  end(): void {
    this.#push(this.#maker.end());
  }

  /**
   * The bytes of the file from `offset` up to where it begins, of which a first broken line is left out. False where they
   * end elsewhere: it has changed meanwhile.
   */
  prepend(offset: number, data: Uint8Array): boolean {
    if (!this.hasEarlier || offset + data.length !== this.#from) return false;
    const skipped = offset === 0 ? 0 : restOfLine(data);
    const maker = this.#makerAt(offset + skipped);
    const rows = maker.push(data.subarray(skipped));
    // The window begins in the middle of a line only where that has no end in sight.
    rows.push(...maker.end());
    this.#rows = [...rows, ...this.#rows];
    this.#characters += weightOf(rows);
    this.#from = offset + skipped;
    this.#isCut = false;
    this.#epoch += 1;
    return true;
  }

  /** Lets go of entries at its beginning until the rest has at most so many characters; the last row stays. */
  cutBeginning(characters: number): void {
    let index = 0;
    let rest = this.#characters;
    const last = this.#rows.length - 1;
    while (index < last && (rest > characters || !this.#isBorder(index))) {
      rest -= weight(this.#rows[index]);
      index += 1;
    }
    if (index === 0) return;
    this.#rows = this.#rows.slice(index);
    this.#characters = rest;
    this.#foreign = Math.max(0, this.#foreign - index);
    if (this.#foreign === 0) this.#from = this.#rows[0]?.offset ?? this.next;
    this.#isCut = true;
    this.#epoch += 1;
  }

  /** Lets go of lines at its end until the rest has at most so many characters: `next` is where these began. */
  cutEnd(characters: number): void {
    let index = this.#rows.length;
    let rest = this.#characters;
    while (index > this.#foreign + 1 && (rest > characters || !this.#isBorder(index))) {
      index -= 1;
      rest -= weight(this.#rows[index]);
    }
    const [first] = this.#rows.splice(index);
    if (!first) return;
    this.#characters = rest;
    this.#startAt(first.offset, false);
    this.#epoch += 1;
  }

  /** Whether a line of the file, and an entry, ends before this row: several rows may be of one. */
  #isBorder(index: number): boolean {
    const row = this.#rows[index];
    return row?.offset !== this.#rows[index - 1]?.offset && row?.head !== false;
  }

  #push(rows: readonly LogRow[]): void {
    for (const row of rows) this.#rows.push(row);
    this.#characters += weightOf(rows);
  }

  #startAt(offset: number, isWithinLine = offset > 0): void {
    this.#maker = this.#makerAt(offset);
    this.#isWithinLine = isWithinLine;
  }

  #makerAt(offset: number): LogRows {
    return new LogRows({ format: this.#format, offset });
  }
}

/** A row that is no part of the file. */
function noteRow(text: string, offset: number): LogRow {
  const none = { level: undefined, time: undefined };
  return { text: `── ${text} ──`, spans: [], head: true, ...none, offset, note: true };
}

function weight(row: LogRow | undefined): number {
  return row === undefined ? 0 : row.text.length + rowCharacters;
}

function weightOf(rows: readonly LogRow[]): number {
  return rows.reduce((sum, row) => sum + weight(row), 0);
}

/** How many bytes belong to a line that began before; of one that does not end here, only the rest of a character. */
function restOfLine(bytes: Uint8Array): number {
  const end = bytes.indexOf(10);
  if (end >= 0 && end < bytes.length - 1) return end + 1;
  let count = 0;
  while (count < 3 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count += 1;
  return count;
}
