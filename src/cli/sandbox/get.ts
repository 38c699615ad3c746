import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { localName } from './localName.ts';
import { piecesOf } from './pieces.ts';
import { putInPlace } from './place.ts';
import type { TaskSandbox } from './read.ts';
import { parentOf } from './pathInside.ts';
import { unpack } from './unpack.ts';
import fs from 'node:fs/promises';

export interface Copied {
  /** Where it is now. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** Links and what else is neither a file nor a folder. */
  readonly left_out: readonly string[];
}

export interface GetOptions {
  /** The folder on this machine that gets it. */
  readonly to: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** Copies a file or a folder of a sandbox (`''`: all of it) to this machine. Whole or not at all. */
export async function getFromSandbox(
  sandbox: TaskSandbox,
  inside: string,
  { to, force, signal }: GetOptions,
): Promise<Copied> {
  const isFolder = inside === '' || (await sandbox.entry(inside)).kind === 'folder';
  const place = path.join(to, localName(inside === '' ? nameOf(sandbox) : parentOf(inside).name));
  return putInPlace(place, force, async (temporary) => {
    if (!isFolder) {
      const out = createWriteStream(temporary, { flags: 'wx', mode: 0o600 });
      await pipeline(piecesOf(sandbox.reader(inside), signal), out, { signal });
      return { path: place, files: 1, bytes: out.bytesWritten, left_out: [] };
    }
    await fs.mkdir(temporary, { mode: 0o700 });
    const { files, bytes, leftOut } = await unpack(await sandbox.archive(inside, signal), temporary, signal);
    return { path: place, files, bytes, left_out: leftOut };
  });
}

/** How the folder of a whole sandbox is called: `load-2-try-1`. */
function nameOf({ run: { key } }: TaskSandbox): string {
  return `${key.task_id}${key.map_index < 0 ? '' : `-${key.map_index}`}-try-${key.try_number}`;
}
