import path from 'node:path';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { SandboxEntry } from '../../api/logs.ts';
import { messageOf } from '../../host/errors.ts';
import type { KeyedAttempt, TaskFiles } from './taskFiles.ts';

/** A link to a folder above it never ends: so deep, and so many files, go into one archive. */
const deepest = 32;
const mostEntries = 20_000;
/** Names in an archive what it lacks. */
export const lackingName = 'LEFT-OUT.txt';

export interface ArchiveOptions {
  readonly files: TaskFiles;
  readonly of: KeyedAttempt;
  /** In the sandbox; empty for all of it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Sends a folder of a sandbox as a tar archive. What cannot be read is named in it, in a file of its own. */
export async function sendArchive(
  response: ServerResponse,
  { files, of, folder, signal }: ArchiveOptions,
  listed: readonly SandboxEntry[],
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-tar' });
  const archive = pack();
  archive.pipe(response);
  // Nobody takes the rest: what waits for room is to end.
  signal.addEventListener('abort', () => archive.destroy(), { once: true });
  const lacking: string[] = [];
  let entries = 0;
  const lacks = (name: string, why: unknown): void => void lacking.push(`${name}: ${messageOf(why)}`);

  const addFile = async ({ path: inside, size, modified, mode }: SandboxEntry): Promise<void> => {
    const content = files.content(of, inside, signal);
    const first = await content.next();
    const name = inFolder(folder, inside);
    const entry = archive.entry({ name, type: 'file', size, mtime: new Date(modified), mode });
    const whole = (async function* (): AsyncGenerator<Buffer> {
      if (!first.done) yield first.value;
      yield* content;
    })();
    await pipeline(
      exactly(size, whole, (left, why) => {
        signal.throwIfAborted();
        lacks(inside, `${why}; its last ${left} bytes are empty here`);
      }),
      entry,
    );
  };

  const addAll = async (all: readonly SandboxEntry[], depth: number): Promise<void> => {
    for (const entry of all) {
      signal.throwIfAborted();
      entries += 1;
      if (entries > mostEntries) {
        if (entries === mostEntries + 1)
          lacks(entry.path, `more than ${mostEntries} files: the rest is left out`);
        return;
      }
      try {
        if (entry.kind === 'file') await addFile(entry);
        else if (entry.kind === 'folder' && depth < deepest) {
          const { modified, mode } = entry;
          const name = inFolder(folder, entry.path);
          archive.entry({ name, type: 'directory', mtime: new Date(modified), mode });
          await addAll(await files.list(of, entry.path, signal), depth + 1);
        } else lacks(entry.path, entry.kind === 'folder' ? 'too deep' : 'neither a file nor a folder');
      } catch (error) {
        signal.throwIfAborted();
        lacks(entry.path, error);
      }
    }
  };

  try {
    await addAll(listed, 0);
    if (lacking.length > 0) archive.entry({ name: lackingName }, `${lacking.join('\n')}\n`);
    archive.finalize();
  } catch {
    // The reader sees that it broke, not an archive that seems whole.
    response.destroy();
  }
}

const empty = Buffer.alloc(64 * 1024);

/** So many bytes, as an archive says sizes first: a file may have grown, or shrunk, since its folder was listed. */
async function* exactly(
  size: number,
  content: AsyncGenerator<Buffer>,
  onShort: (left: number, why: string) => void,
): AsyncGenerator<Buffer, void, undefined> {
  let left = size;
  let why = 'it was cut';
  try {
    for await (const part of content) {
      if (left > 0) yield part.subarray(0, left);
      left = Math.max(0, left - part.length);
      if (left === 0) break;
    }
  } catch (error) {
    why = messageOf(error);
  }
  if (left > 0) onShort(left, why);
  for (; left > 0; left -= Math.min(left, empty.length)) yield empty.subarray(0, left);
}

function inFolder(folder: string, inside: string): string {
  return path.posix.relative(folder, inside);
}
