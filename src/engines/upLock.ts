import { setTimeout as delay } from 'node:timers/promises';
import { findCluster } from '../client/discover.ts';
import { followRecord, StartRecord, upLock } from '../client/startRecord.ts';
import { clusterFolder, type ClusterFolder, type UserFolders } from '../host/folders.ts';
import { LockHeldError, takeLock, type Lock } from '../host/lock.ts';
import type { Progress } from './phases.ts';

/** Between two tries to get the lock of another one's start. Milliseconds. */
const tryAgainMs = 200;

/** A start, and where what is said of it goes. */
export interface Turn {
  readonly progress: Progress;
  /** The start is over. */
  readonly end: () => Promise<void>;
}

/**
 * Waits until this process may bring the cluster up. Meanwhile it says on what another one's start says: who asks for the
 * same cluster in two places sees one start in both.
 */
export async function turnToStart(
  name: string,
  folders: UserFolders,
  progress: Progress,
  signal: AbortSignal,
): Promise<Turn> {
  const folder = clusterFolder(folders, name);
  const told = new Set<string>();
  const lock = await lockOf(
    name,
    folder,
    (event) => {
      if (event.type === 'phase' && event.state === 'done') told.add(event.phase);
      progress(event);
    },
    signal,
  );
  if (told.size > 0 && (await findCluster(name, folders))?.state !== 'running') {
    progress({ type: 'notice', text: `The other start of ${name} came to nothing: it is started here.` });
    told.clear();
  }
  const record = new StartRecord(folder, progress);
  record.begin();
  return {
    progress: (event) => {
      // What the other one's start has said of the cluster that is joined now.
      if (event.type === 'phase' && event.state !== 'failed' && told.has(event.phase)) return;
      record.report(event);
    },
    end: async () => {
      record.end();
      await lock.release();
    },
  };
}

async function lockOf(
  name: string,
  folder: ClusterFolder,
  progress: Progress,
  signal: AbortSignal,
): Promise<Lock> {
  const over = new AbortController();
  let following: Promise<void> | undefined;
  try {
    for (;;) {
      try {
        return await takeLock(upLock(folder));
      } catch (error) {
        if (!(error instanceof LockHeldError)) throw error;
      }
      if (!following) {
        const text = `${name} is being started elsewhere, by another window or terminal: this follows it.`;
        progress({ type: 'notice', text, following: true });
        following = followRecord(folder, progress, AbortSignal.any([signal, over.signal]));
      }
      await delay(tryAgainMs, undefined, { signal });
    }
  } finally {
    over.abort();
    await following;
  }
}
