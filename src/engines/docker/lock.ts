import path from 'node:path';
import { findCluster } from '../../client/discover.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import { LockHeldError, lockHolder, takeLock, type Lock } from '../../host/lock.ts';

/** Held by whoever brings the cluster down or removes it. */
function downLock(name: string, folders: UserFolders): string {
  return path.join(clusterFolder(folders, name).root, 'down.lock');
}

/**
 * Does `work`, which ends the cluster's parts one after another; meanwhile nobody calls one of them back (`isGoingDown`).
 * Of two that do it at once, both do.
 */
export async function whileGoingDown<T>(
  name: string,
  folders: UserFolders,
  work: () => Promise<T>,
): Promise<T> {
  // Without a folder nobody of this machine is connected; and none is made for the lock alone.
  if (!(await findCluster(name, folders))) return work();
  let lock: Lock | undefined;
  try {
    lock = await takeLock(downLock(name, folders));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
  }
  try {
    return await work();
  } finally {
    await lock?.release();
  }
}

/** Whether somebody on this machine brings it down just now. */
export async function isGoingDown(name: string, folders: UserFolders): Promise<boolean> {
  return (await lockHolder(downLock(name, folders))) !== undefined;
}
