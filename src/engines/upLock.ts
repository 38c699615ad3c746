import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findCluster } from '../client/discover.ts';
import { clusterFolder, type ClusterFolder, type UserFolders } from '../host/folders.ts';
import { LockHeldError, lockHolder, takeLock, type Lock } from '../host/lock.ts';

/** Held by whoever brings the cluster up; the same for every engine. */
export function upLock(folder: ClusterFolder): string {
  return path.join(folder.root, 'up.lock');
}

export async function isBeingBroughtUp(folder: ClusterFolder): Promise<boolean> {
  return (await lockHolder(upLock(folder))) !== undefined;
}

/** Takes the right to bring this cluster up; gives none where another has it and the service runs already. */
export async function lockOrRunning(
  name: string,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<Lock | undefined> {
  const file = upLock(clusterFolder(folders, name));
  for (;;) {
    try {
      return await takeLock(file);
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
    }
    if ((await findCluster(name, folders))?.state === 'running') return undefined;
    await delay(200, undefined, { signal });
  }
}
