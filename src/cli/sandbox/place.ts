import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../host/errors.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';

/** What shall be written is there, and nobody said that it may be replaced. */
export class AlreadyThere extends CommandError {
  constructor(place: string) {
    super(exitCodes.failed, `${place} is there already`, {
      next: 'Replace it with --force, or choose another place.',
    });
    this.name = 'AlreadyThere';
  }
}

/**
 * Has `make` write a file or folder under another name beside its place, and puts it there as a whole once it is done; what
 * fails or is interrupted leaves nothing. Returns what `make` did. Throws AlreadyThere where something is there and
 * `force` is not given, CommandError (1) where `force` would have it write through a symbolic link.
 */
export async function putInPlace<T>(
  place: string,
  force: boolean,
  make: (temporary: string) => Promise<T>,
): Promise<T> {
  await checkFree(place, force);
  await fs.mkdir(path.dirname(place), { recursive: true });
  const temporary = `${place}.${randomBytes(4).toString('hex')}.part`;
  try {
    const made = await make(temporary);
    await moveOver(temporary, place, force);
    return made;
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
}

async function checkFree(place: string, force: boolean): Promise<void> {
  if (!force && (await kindOf(place))) throw new AlreadyThere(place);
}

/** With `force` files are replaced one by one; what else a folder has stays. */
async function moveOver(from: string, to: string, force: boolean): Promise<void> {
  const there = await kindOf(to);
  // Somebody else's, made meanwhile.
  if (there && !force) throw new AlreadyThere(to);
  if (!there) {
    await fs.rename(from, to);
    return;
  }
  const isFolder = (await kindOf(from)) === 'folder';
  if (isFolder !== (there === 'folder')) {
    throw new CommandError(exitCodes.failed, `${to} is not replaced`, {
      why:
        there === 'folder' ? 'it is a folder, and would become a file' : `a folder shall stand in its place`,
      next: 'Give another folder: --to FOLDER',
    });
  }
  if (!isFolder) {
    // Replaces a link itself, not what it leads to.
    await fs.rename(from, to);
    return;
  }
  for (const name of await fs.readdir(from)) {
    await moveOver(path.join(from, name), path.join(to, name), force);
  }
}

async function kindOf(place: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await fs.lstat(place)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
