// Bytes in pieces that end anywhere, also within a character, become whole lines.

/** A longer line is folded: its beginning and its end are kept. */
export const usualMostBytes = 16_384;

const lineFeed = 10;

export interface Line {
  /** Without its line feed; bytes that are no UTF-8 are U+FFFD. */
  readonly text: string;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** Bytes that were left out of its middle. */
  readonly leftOut: number;
}

export interface SplitOptions {
  /** Where the first byte stands in the file. */
  readonly offset?: number;
  readonly mostBytes?: number;
}

export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #most: number;
  /** Where the unfinished line begins. */
  #offset: number;
  #length = 0;
  /** The unfinished line's bytes; of one that is too long its beginning, and in `#tail` its end. */
  #kept: Uint8Array[] = [];
  #tail: Uint8Array | undefined;

  constructor({ offset = 0, mostBytes = usualMostBytes }: SplitOptions = {}) {
    this.#offset = offset;
    this.#most = mostBytes;
  }

  /** Where the next byte stands in the file. */
  get next(): number {
    return this.#offset + this.#length;
  }

  /** The lines that these bytes end. */
  push(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    if (this.#length > 0) {
      const end = bytes.indexOf(lineFeed);
      if (end < 0) {
        this.#keep(bytes);
        return lines;
      }
      this.#keep(bytes.subarray(0, end));
      lines.push(this.#take(1));
      from = end + 1;
    }
    const last = bytes.lastIndexOf(lineFeed);
    if (last >= from) {
      this.#whole(bytes.subarray(from, last + 1), lines);
      from = last + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
    return lines;
  }

  /** The line that has not ended yet, as far as it is there; undefined where there is none. */
  get pending(): Line | undefined {
    return this.#length === 0 ? undefined : this.#line();
  }

  /** What stands behind the last line feed, as a line: the file has ended. */
  end(): Line | undefined {
    return this.#length === 0 ? undefined : this.#take(0);
  }

  /** Forgets the unfinished line: the next bytes stand elsewhere. */
  startAt(offset: number): void {
    this.#forget();
    this.#offset = offset;
  }

  /** Lines that begin and end within these bytes. */
  #whole(bytes: Uint8Array, lines: Line[]): void {
    const text = this.#decoder.decode(bytes);
    const isAscii = text.length === bytes.length && !text.includes('\u{fffd}');
    let from = 0;
    // Decoding once is several times faster; positions are those of the bytes where each is a character.
    while (from < bytes.length) {
      const end = isAscii ? text.indexOf('\n', from) : bytes.indexOf(lineFeed, from);
      const length = end - from;
      if (length > this.#most) {
        this.#keep(bytes.subarray(from, end));
        lines.push(this.#take(1));
      } else {
        const line = isAscii ? text.slice(from, end) : this.#decoder.decode(bytes.subarray(from, end));
        lines.push({ text: line, offset: this.#offset, leftOut: 0 });
        this.#offset += length + 1;
      }
      from = end + 1;
    }
  }

  #keep(bytes: Uint8Array): void {
    const kept = Math.min(this.#length, this.#most);
    this.#length += bytes.length;
    const room = this.#most - kept;
    if (room > 0) this.#kept.push(bytes.slice(0, room));
    if (bytes.length <= room) return;
    const end = Math.floor(this.#most / 4);
    const more = bytes.subarray(Math.max(room, bytes.length - end));
    this.#tail = joined([this.#tail ?? new Uint8Array(), more]).slice(-end);
  }

  #take(lineFeeds: number): Line {
    const line = this.#line();
    const next = this.next + lineFeeds;
    this.#forget();
    this.#offset = next;
    return line;
  }

  #forget(): void {
    this.#kept = [];
    this.#tail = undefined;
    this.#length = 0;
  }

  #line(): Line {
    const kept = joined(this.#kept);
    if (!this.#tail) return { text: this.#decoder.decode(kept), offset: this.#offset, leftOut: 0 };
    const beginning = wholeAtEnd(kept.subarray(0, Math.floor((this.#most * 3) / 4)));
    const behind = kept.subarray(beginning.length);
    const end = wholeAtBeginning(joined([behind, this.#tail]).slice(-Math.floor(this.#most / 4)));
    const leftOut = this.#length - beginning.length - end.length;
    const text = `${this.#decoder.decode(beginning)}${leftOutText(leftOut)}${this.#decoder.decode(end)}`;
    return { text, offset: this.#offset, leftOut };
  }
}

/** What stands for the middle of a line that is too long. */
export function leftOutText(bytes: number): string {
  return ` ⋯ ${bytes.toLocaleString('en')} bytes of this line are left out ⋯ `;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Without the beginning of a character that goes on behind. */
function wholeAtEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
}

/** Without the rest of a character that begins before. */
function wholeAtBeginning(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < Math.min(3, bytes.length) && isContinuation(bytes[from] ?? 0)) from += 1;
  return bytes.subarray(from);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
