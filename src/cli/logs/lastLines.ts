import type { LogEvent } from '../../api/logs.ts';

const lineFeed = 0x0a;
/** So many bytes are read at first for each line that is wanted, and at least. */
const lineBytes = 160;
const leastBytes = 4096;

/**
 * A log from its nth last line on, and what follows. `open` reads it from so many bytes before its end (a negative offset);
 * where that has too few lines, it is opened again further ahead of the end.
 */
export async function* fromLastLines(
  open: (offset: number) => AsyncIterable<LogEvent>,
  lines: number,
): AsyncGenerator<LogEvent, void, undefined> {
  const said = new Set<string>();
  for (let bytes = Math.max(leastBytes, lines * lineBytes); ; bytes *= 4) {
    const held = new HeldEnd(bytes);
    let isGiven = false;
    for await (const event of open(-bytes)) {
      if (isGiven) {
        yield event;
        continue;
      }
      held.take(event);
      // That the agent is away, say, does not wait; and is not said anew each time that it is opened.
      if (event.type === 'note' && !said.has(event.text)) {
        said.add(event.text);
        yield event;
      }
      if (held.lacks(lines)) break;
      if (!held.isWhole) continue;
      isGiven = true;
      yield* held.last(lines);
    }
    if (held.lacks(lines)) continue;
    if (!isGiven) yield* held.last(lines);
    return;
  }
}

type DataEvent = Extract<LogEvent, { type: 'data' }>;

/** The end of a log until all of it that there was is here. */
class HeldEnd {
  readonly #asked: number;
  #end: LogEvent | undefined;
  readonly #data: DataEvent[] = [];
  #isWhole = false;

  constructor(asked: number) {
    this.#asked = asked;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  take(event: LogEvent): void {
    if (event.type === 'data') this.#data.push(event);
    const end = this.#data[0]?.size ?? 0;
    if (event.type === 'quiet' || event.type === 'ended') this.#end = event;
    this.#isWhole =
      this.#end !== undefined || (event.type === 'data' && event.offset + event.data.length >= end);
  }

  /** All is here that was asked for, but earlier lines are needed, and there. */
  lacks(lines: number): boolean {
    const size = this.#data.at(-1)?.size ?? 0;
    return this.#isWhole && this.#asked < size && this.#begin(lines) === undefined;
  }

  *last(lines: number): Generator<LogEvent, void, undefined> {
    const all = this.#bytes();
    const begin = this.#begin(lines) ?? 0;
    const last = this.#data.at(-1);
    if (last) {
      const data = all.subarray(begin);
      yield { type: 'data', offset: last.offset + last.data.length - data.length, size: last.size, data };
    }
    if (this.#end) yield this.#end;
  }

  #bytes(): Buffer {
    return Buffer.concat(this.#data.map(({ data }) => data));
  }

  /** Where the nth last line begins; undefined where there are fewer. */
  #begin(lines: number): number | undefined {
    const bytes = this.#bytes();
    let at = bytes.length;
    if (lines === 0) return at;
    // The line feed at the end belongs to the last line.
    let end = bytes.at(-1) === lineFeed ? at - 1 : at;
    for (let found = 0; found < lines; found += 1) {
      at = end <= 0 ? 0 : bytes.lastIndexOf(lineFeed, end - 1) + 1;
      if (at === 0 && (found < lines - 1 || this.#data[0]?.offset !== 0)) return undefined;
      end = at - 1;
    }
    return at;
  }
}
