import fs from 'node:fs/promises';
import { codeOf } from './errors.ts';

/** A log file larger than this is put aside when its writer starts: 8 MiB. */
export const rotateAt = 8 * 1024 * 1024;

/**
 * Renames a log file that has grown beyond `limit` bytes to `<file>.1`, in place of an older one. To be called before its
 * writer starts, so that a part which starts again and again keeps at most twice the limit.
 */
export async function rotateLog(file: string, limit = rotateAt): Promise<void> {
  try {
    const { size } = await fs.stat(file);
    if (size > limit) await fs.rename(file, `${file}.1`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/**
 * As `rotateLog` for a file that its writer holds open and appends to: its content is copied to `<file>.1`, then the file
 * is emptied. What is written meanwhile, some milliseconds, is lost.
 */
export async function trimLog(file: string, limit = rotateAt): Promise<void> {
  try {
    const { size } = await fs.stat(file);
    if (size <= limit) return;
    await fs.copyFile(file, `${file}.1`);
    await fs.truncate(file, 0);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The size of a file in bytes, 0 where there is none: remember it before a start to tell its lines from older ones. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await fs.stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** So many bytes of a file's end are looked at first, and four times as many each time that they have too few lines. */
const firstLook = 65_536;

/** The last lines of a file that have something on them, oldest first, of what stands behind `from`. */
export async function lastLines(file: string, count: number, from = 0): Promise<string[]> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const least = from > size ? 0 : from;
    for (let bytes = firstLook; ; bytes *= 4) {
      const start = Math.max(least, size - bytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
      const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
      // The first one may be the rest of a line.
      if (start > least) lines.shift();
      const found = lines.filter((line) => line.trim() !== '');
      if (start === least || found.length >= count) return count === 0 ? [] : found.slice(-count);
    }
  } finally {
    await handle.close();
  }
}
