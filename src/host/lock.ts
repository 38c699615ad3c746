import fs from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { codeOf } from './errors.ts';
import { makePrivateFolder, readIfThere } from './files.ts';
import { identify, isAlive, type ProcessIdentity } from './processes.ts';

/** Thrown where a living process holds the lock. */
export class LockHeldError extends Error {
  readonly holder: ProcessIdentity;
  constructor(file: string, holder: ProcessIdentity) {
    super(`${file} is held by process ${holder.pid}`);
    this.name = 'LockHeldError';
    this.holder = holder;
  }
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes an exclusive lock that names its holder, so that a dead holder's lock is taken over and a living one's never is.
 * The file is made by link(2), which fails if it exists: of two starters exactly one wins.
 */
export async function takeLock(file: string): Promise<Lock> {
  const self = await identify(process.pid);
  if (!self) throw new Error('this process cannot be identified');
  await makePrivateFolder(path.dirname(file));
  const mine = `${file}.${randomBytes(6).toString('hex')}`;
  await fs.writeFile(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      try {
        await fs.link(mine, file);
        return { release: () => releaseIfOurs(file, self) };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const holder = await holderOf(file);
      if (holder && (await isAlive(holder))) throw new LockHeldError(file, holder);
      // Stale. Renaming it away succeeds for one of several that see it; the others find it gone and try again.
      const stale = `${mine}.stale`;
      try {
        await fs.rename(file, stale);
        const moved = await holderOf(stale);
        if (moved && (await isAlive(moved))) {
          // Another starter had already replaced it: give it back.
          await fs.link(stale, file).catch(() => undefined);
        }
        await fs.rm(stale, { force: true });
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
    }
  } finally {
    await fs.rm(mine, { force: true });
  }
}

async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value && 'pid' in value && 'started' in value) {
      return { pid: Number(value.pid), started: String(value.started) };
    }
  } catch {
    // Not ours to read: whoever wrote it is not a service of this version, and cannot be alive with this lock.
  }
  return undefined;
}

async function releaseIfOurs(file: string, self: ProcessIdentity): Promise<void> {
  const holder = await holderOf(file);
  if (holder?.pid === self.pid && holder.started === self.started) await fs.rm(file, { force: true });
}
