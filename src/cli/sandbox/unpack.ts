import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { ExplainedError } from '../../host/errors.ts';
import { localName } from './localName.ts';

/** What became of an archive. */
export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
  /** Names of what was not made: links, devices, pipes. */
  readonly leftOut: readonly string[];
}

/** An archive names a place outside of the folder that it is for. Nothing more of it is unpacked. */
export class UnsafeArchive extends ExplainedError {
  constructor(name: string, why: string) {
    super(`The archive of the sandbox is refused: ${JSON.stringify(name)} ${why}`, {
      next: 'Copy files one by one: mesos-airflow sandbox get TASK PATH',
    });
    this.name = 'UnsafeArchive';
  }
}

/**
 * Unpacks a tar into a folder that is new and nobody else's. Files and folders only: a link could lead out of it, so none
 * is made. Rejects with `UnsafeArchive`, the signal's reason, or where the archive is cut off.
 */
export async function unpack(archive: Readable, folder: string, signal: AbortSignal): Promise<Unpacked> {
  signal.throwIfAborted();
  const entries = extract();
  const end = (error: Error): void => {
    entries.destroy(error);
  };
  const onAbort = (): void => end(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  archive.once('error', end);
  if (archive.errored) throw archive.errored;
  archive.pipe(entries);
  const leftOut: string[] = [];
  let files = 0;
  let bytes = 0;
  try {
    for await (const entry of entries) {
      const { name, type, size, mode, mtime } = entry.header;
      const place = path.join(folder, ...partsOf(name));
      if (type === 'directory') {
        await fs.mkdir(place, { recursive: true });
        entry.resume();
      } else if (type === 'file' || type === 'contiguous-file') {
        if (place === folder) throw new UnsafeArchive(name, 'is the folder itself');
        await fs.mkdir(path.dirname(place), { recursive: true });
        await writeFile(place, entry, { mode, mtime });
        files += 1;
        bytes += size;
      } else {
        leftOut.push(name);
        entry.resume();
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    archive.destroy();
  }
  signal.throwIfAborted();
  return { files, bytes, leftOut };
}

async function writeFile(
  place: string,
  content: AsyncIterable<unknown>,
  { mode, mtime }: { readonly mode: number; readonly mtime: Date | undefined },
): Promise<void> {
  // Never through what is there: an archive may name a file twice.
  await fs.rm(place, { force: true });
  const handle = await fs.open(place, 'wx', 0o600 | (mode & 0o755));
  try {
    await handle.writeFile(content as AsyncIterable<Uint8Array>);
    if (mtime) await handle.utimes(mtime, mtime);
  } finally {
    await handle.close();
  }
}

function partsOf(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/')) throw new UnsafeArchive(name, 'is an absolute path');
  if (parts.includes('..')) throw new UnsafeArchive(name, 'leads out of the folder');
  if (name.includes('\0')) throw new UnsafeArchive(name, 'has a NUL character');
  // There a backslash separates, a colon names a drive, and a run's id has colons.
  return path.sep === '\\' ? parts.map(localName) : parts;
}
