import fs from 'node:fs/promises';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../host/errors.ts';

/** A piece of a journal, a file that can be read by itself. */
export interface Segment {
  readonly number: number;
  readonly file: string;
  /** Closed, and gzipped. */
  readonly packed: boolean;
  /** In bytes. */
  readonly size: number;
  /** When it was last written to: milliseconds since the epoch. */
  readonly written: number;
}

const names = /^(\d{8})\.jsonl(\.gz)?$/;

/** The segments of a journal's folder, oldest first; none where there is no folder. */
export async function segmentsIn(folder: string): Promise<Segment[]> {
  let files: string[];
  try {
    files = await fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  const found = await Promise.all(files.map((name) => segmentAt(folder, name)));
  const byNumber = new Map<number, Segment>();
  for (const segment of found) {
    // Both are there for a moment while one is packed, or where that was cut short: then the plain one is whole.
    if (segment && !(segment.packed && byNumber.has(segment.number))) byNumber.set(segment.number, segment);
  }
  return [...byNumber.values()].sort((one, other) => one.number - other.number);
}

async function segmentAt(folder: string, name: string): Promise<Segment | undefined> {
  const match = names.exec(name);
  if (!match) return undefined;
  const file = path.join(folder, name);
  try {
    const { size, mtimeMs } = await fs.stat(file);
    return {
      number: Number(match[1]),
      file,
      packed: match[2] !== undefined,
      size,
      written: Math.ceil(mtimeMs),
    };
  } catch (error) {
    // Dropped or packed since.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function segmentFile(folder: string, number: number): string {
  return path.join(folder, `${String(number).padStart(8, '0')}.jsonl`);
}

/** Packs a segment that nobody writes to any more; its times stay. */
export async function pack({ file, packed }: Segment): Promise<void> {
  if (packed) return;
  const temporary = `${file}.gz.tmp`;
  try {
    const { atime, mtime } = await fs.stat(file);
    await pipeline(createReadStream(file), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
    await fs.utimes(temporary, atime, mtime);
    await fs.rename(temporary, `${file}.gz`);
    await fs.rm(file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** Those to remove, so that the rest is within the bounds; never the newest. */
export function outgrown(
  segments: readonly Segment[],
  { bytes, ageMs, now }: { readonly bytes: number; readonly ageMs: number; readonly now: number },
): Segment[] {
  let left = segments.reduce((sum, { size }) => sum + size, 0);
  return segments.slice(0, -1).filter(({ size, written }) => {
    const isOut = left > bytes || now - written > ageMs;
    if (isOut) left -= size;
    return isOut;
  });
}

/**
 * What a journal holds of the time since an instant, as gzip: a file that `gunzip` and readLines read. It begins with the
 * segment in which that instant lies.
 */
export async function* journalBytes(folder: string, since = 0): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { file, packed } of await segmentsIn(folder).then((all) =>
    all.filter(({ written }) => written >= since),
  )) {
    yield* packed ? bytesOf(file) : packedNow(file);
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    // Outgrown since it was listed.
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** A segment that is written to, as it is now; packed by its writer since, as that. */
async function* packedNow(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file, 'r');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    yield* bytesOf(`${file}.gz`);
    return;
  }
  const gzip = createGzip();
  // The line feed ends a line that a crash cut off, so that it spoils none but itself.
  const whole = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of handle.createReadStream() as AsyncIterable<Buffer>) yield piece;
    yield Buffer.from('\n');
  };
  const writing = pipeline(whole(), gzip);
  // Rejects through the reading below.
  writing.catch(() => undefined);
  for await (const piece of gzip as AsyncIterable<Buffer>) yield piece;
  await writing;
}
