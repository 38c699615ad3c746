import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errors.ts';
import { makePrivateFolder, readIfThere } from './files.ts';
import { identify, isAlive, type ProcessIdentity } from './processes.ts';

/** Thrown where a living process holds the lock. */
export class LockHeldError extends Error {
  readonly holder: ProcessIdentity;
  constructor(lock: string, holder: ProcessIdentity) {
    super(`${lock} is held by process ${holder.pid}`);
    this.name = 'LockHeldError';
    this.holder = holder;
  }
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes an exclusive lock, or throws `LockHeldError`. A dead holder's lock is taken over; a living one's never is.
 *
 * The lock is a folder of numbered entries, each naming a holder; the highest number holds. Node has no flock(2), and
 * "remove the stale file, then make a new one" lets two in. Here nothing is removed to get in: whoever finds entry n
 * dead or released makes entry n+1 by link(2), which only one can; the highest entry is never removed, so that a slow
 * starter, who makes an entry below it, sees that and steps back.
 */
export async function takeLock(lock: string): Promise<Lock> {
  const self = await identify(process.pid);
  if (!self) throw new Error('this process cannot be identified');
  await makePrivateFolder(lock);
  const mine = path.join(lock, `${randomBytes(6).toString('hex')}.new`);
  await fs.writeFile(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      const top = await highest(lock);
      const holder = top === 0 ? undefined : await holderOf(path.join(lock, String(top)));
      if (holder && (await isAlive(holder))) throw new LockHeldError(lock, holder);
      const entry = path.join(lock, String(top + 1));
      try {
        await fs.link(mine, entry);
      } catch (error) {
        if (codeOf(error) === 'EEXIST') continue;
        throw error;
      }
      if ((await highest(lock)) > top + 1) {
        await fs.rm(entry, { force: true });
        continue;
      }
      await removeBelow(lock, top + 1);
      return { release: () => release(entry) };
    }
  } finally {
    await fs.rm(mine, { force: true });
  }
}

/** The living process that holds the lock, or undefined. */
export async function lockHolder(lock: string): Promise<ProcessIdentity | undefined> {
  try {
    const holder = await holderOf(path.join(lock, String(await highest(lock))));
    return holder && (await isAlive(holder)) ? holder : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function highest(lock: string): Promise<number> {
  const numbers = (await fs.readdir(lock)).filter((name) => /^\d+$/.test(name)).map(Number);
  return Math.max(0, ...numbers);
}

async function removeBelow(lock: string, number: number): Promise<void> {
  for (const name of await fs.readdir(lock)) {
    if (/^\d+$/.test(name) && Number(name) < number) await fs.rm(path.join(lock, name), { force: true });
  }
}

async function holderOf(entry: string): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(entry);
  if (!text) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value && 'pid' in value && 'started' in value
    ? { pid: Number(value.pid), started: String(value.started) }
    : undefined;
}

/** The entry stays, held by nobody. */
async function release(entry: string): Promise<void> {
  const empty = `${entry}.released`;
  await fs.writeFile(empty, '{}', { mode: 0o600 });
  await fs.rename(empty, entry);
}
