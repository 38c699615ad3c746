import { constants, createGunzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import { parseLine, type Line } from './lines.ts';

/** A line with its text, or (`line` undefined) a text that is none: cut off, damaged, or not to be parsed. */
export interface ReadLine {
  readonly text: string;
  readonly line: Line | undefined;
  /** Its end was not reached. */
  readonly cutOff?: true;
}

/** No line of ours is longer; a file with such a line is something else. In characters. */
const longestLine = 16 * 1024 * 1024;

/**
 * The lines of a text that comes in pieces, gzipped or not, as far as they are whole: where the text is cut off or its
 * compression is damaged they end, and the last is without its line. `isParsed`: which of them to parse; default: all.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  isParsed: (text: string) => boolean = () => true,
): AsyncGenerator<ReadLine, void, undefined> {
  let rest = '';
  try {
    for await (const piece of textOf(bytes)) {
      const texts = `${rest}${piece}`.split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) {
        if (text !== '') yield { text, line: isParsed(text) ? parseLine(text) : undefined };
      }
      if (rest.length > longestLine) break;
    }
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  if (rest !== '') yield { text: rest, line: undefined, cutOff: true };
}

async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8');
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const [one, two] = first.value;
  const whole = from(first.value, iterator);
  // Gzip's first two bytes. What was compressed until it was cut off comes out.
  const isPacked = one === 0x1f && two === 0x8b;
  const source = isPacked ? unpacked(whole) : whole;
  for await (const piece of source) yield decoder.decode(piece, { stream: true });
}

function unpacked(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  // Its errors come out of the one that is read, too.
  pipeline(Readable.from(packed), gunzip, () => undefined);
  return gunzip as AsyncIterable<Uint8Array>;
}

async function* from(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
