import fs from 'node:fs';
import { open, readlink, type FileHandle } from 'node:fs/promises';

/** Bytes that one read gives at most: 16 pages. */
const longestRead = 16 * 4096;

export type Opened =
  | { readonly kind: 'file'; readonly handle: FileHandle; readonly size: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'other' };

/**
 * Opens what a path was resolved to. Without waiting: a named pipe with no writer would block for ever. A task that puts a
 * link in a folder's place meanwhile doesn't get the agent, which may be root, to read elsewhere: that is `other`.
 */
export async function openFile(real: string): Promise<Opened> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const handle = await open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const stats = await handle.stat();
  if (stats.isFile() && (await isAt(handle, real))) return { kind: 'file', handle, size: stats.size };
  await handle.close();
  return stats.isDirectory() ? { kind: 'folder' } : { kind: 'other' };
}

async function isAt(handle: FileHandle, real: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  // A file that was removed meanwhile has that added to its name.
  return (await readlink(`/proc/self/fd/${handle.fd}`)).replace(/ \(deleted\)$/, '') === real;
}

export interface Part {
  readonly size: number;
  readonly data: Buffer;
}

/** Reads from `offset`; past the end there is nothing. `length` undefined: as much as one read gives. */
export async function readPart(
  handle: FileHandle,
  size: number,
  offset: number,
  length?: number,
): Promise<Part> {
  const wanted = Math.max(0, Math.min(length ?? longestRead, longestRead, size - offset));
  const buffer = Buffer.alloc(wanted);
  let read = 0;
  while (read < wanted) {
    const { bytesRead } = await handle.read(buffer, read, wanted - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return { size, data: buffer.subarray(0, read) };
}
