import path from 'node:path';
import type { ClusterFolder } from '../../host/folders.ts';
import { lockHolder } from '../../host/lock.ts';

/** Held by whoever brings the cluster up. */
export function upLock(folder: ClusterFolder): string {
  return path.join(folder.root, 'up.lock');
}

export async function isBeingBroughtUp(folder: ClusterFolder): Promise<boolean> {
  return (await lockHolder(upLock(folder))) !== undefined;
}
