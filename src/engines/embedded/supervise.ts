import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../host/errors.ts';
import { readIfThere } from '../../host/files.ts';
import { clusterFolderAt, type ClusterFolder } from '../../host/folders.ts';
import { LockHeldError, takeLock } from '../../host/lock.ts';
import { isAlive, type ProcessIdentity } from '../../host/processes.ts';
import { supervisorLock } from './supervisor.ts';
import { isBeingBroughtUp } from '../../client/startRecord.ts';

/** What a supervisor does, beside looking. */
export interface Supervision {
  /** Starts the service again. */
  startAgain(): Promise<void>;
  log(line: string): void;
  /** Milliseconds between two looks; default 1000, and 5000 where each look starts a `ps`. */
  readonly lookMs?: number;
}

const firstPauseMs = 200;
const longestPauseMs = 60_000;
/** A service that lived this long did not fail at once: the next pause is short again. Milliseconds. */
const livedLongMs = 60_000;

/**
 * Starts a cluster's service again whenever it has died, until the cluster is brought down (runtime.json is gone) or its
 * folder is removed. It decides nothing: the service's lock lets one of several starters in, and while somebody brings the
 * cluster up it waits. Returns at once where another supervisor has the cluster.
 */
export async function supervise(root: string, supervision: Supervision): Promise<void> {
  const folder = clusterFolderAt(root);
  // The lock would make the folder of a deleted cluster anew.
  if ((await recorded(folder)) === undefined) return;
  try {
    await takeLock(supervisorLock(folder));
  } catch (error) {
    if (error instanceof LockHeldError) return;
    throw error;
  }
  const lookMs = supervision.lookMs ?? (process.platform === 'linux' ? 1000 : 5000);
  let pause = firstPauseMs;
  let since = Date.now();
  for (;;) {
    const service = await recorded(folder);
    if (!service) return;
    if (await isAlive(service)) {
      await delay(lookMs);
      continue;
    }
    if (Date.now() - since > livedLongMs) pause = firstPauseMs;
    await delay(pause);
    const now = await recorded(folder);
    if (!now) return;
    if ((await isAlive(now)) || (await isBeingBroughtUp(folder))) continue;
    supervision.log(`the service, process ${now.pid}, has ended by itself; starting it again`);
    pause = Math.min(pause * 2, longestPauseMs);
    try {
      await supervision.startAgain();
      supervision.log('it is back');
    } catch (error) {
      supervision.log(`it did not come back: ${messageOf(error)}; trying again in ${pause / 1000} s`);
    }
    since = Date.now();
  }
}

/** The service by runtime.json; undefined where the cluster was brought down. */
async function recorded(folder: ClusterFolder): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(folder.runtime);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value && 'pid' in value && 'started' in value
    ? { pid: Number(value.pid), started: String(value.started) }
    : undefined;
}

/** The supervisor as a process: `cli.cjs supervise <cluster's folder>`. Its output is logs/supervisor.log. */
export async function superviseHere(root: string): Promise<void> {
  const log = (line: string): void => {
    process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  };
  log(`watching over ${root} (pid ${process.pid})`);
  await supervise(root, {
    log,
    startAgain: async () => {
      // Not before it is needed: waiting for years, this process stays small.
      const [{ ensureService }, { userFolders }] = await Promise.all([
        import('../../client/start.ts'),
        import('../../host/folders.ts'),
      ]);
      await ensureService(path.basename(root), { folders: userFolders() });
    },
  });
  log('the cluster was brought down: nothing left to do');
}
