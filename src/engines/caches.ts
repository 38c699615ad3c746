import fs from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../host/errors.ts';
import type { UserFolders } from '../host/folders.ts';
import { sizeBelow } from './size.ts';

/**
 * What the user's cache holds, by the folder's name. Nothing else in it is ours: `MESOS_AIRFLOW_CACHE` may name any, where
 * somebody else may have folders of these names.
 */
const caches = {
  environments: 'Python environments with Airflow',
  installations: 'copies of this program, which clusters run from',
  tools: 'the installer of Python packages, and debuggers',
  'example-dags': 'copies of the example DAGs',
  'database-templates': 'prepared databases for clusters in Docker',
  locks: 'locks',
} as const;
type CacheName = keyof typeof caches;

/** All that we put there is named by a digest of what it was made from. */
const digested = /(^|-)[0-9a-f]{12,16}(\.\w+)*$/;

/** A folder of the cache that is there. */
export interface Cached {
  readonly path: string;
  readonly what: string;
  readonly bytes: number;
}

/** What containers have mounted: it stays where a cluster in Docker does. */
const mounted: readonly CacheName[] = ['example-dags'];

/** What can be made again of the user's cache. `inUse`: a cluster in Docker stays, and what its containers need. */
export async function cachesOf({ cache }: UserFolders, { inUse = false } = {}): Promise<Cached[]> {
  const names = Object.keys(caches) as CacheName[];
  const found = await Promise.all(
    names.map(async (name): Promise<Cached[]> => {
      if (inUse && mounted.includes(name)) return [];
      const folder = path.join(cache, name);
      const own = await ownIn(folder);
      if (own.length === 0) return [];
      const sizes = await Promise.all(own.map(sizeOf));
      return [{ path: folder, what: caches[name], bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }];
    }),
  );
  return found.flat();
}

/** What of a folder is ours; nothing where it is none. */
async function ownIn(folder: string): Promise<string[]> {
  try {
    const names = await fs.readdir(folder);
    return names.filter((name) => digested.test(name)).map((name) => path.join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

async function sizeOf(own: string): Promise<number> {
  try {
    const stats = await fs.stat(own);
    return stats.isFile() ? stats.size : await sizeBelow(own);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Removes what is ours in these folders, and those of ours, and around them, that are empty then. */
export async function removeCaches(folders: UserFolders, cached: readonly Cached[]): Promise<void> {
  for (const { path: folder } of cached) {
    for (const own of await ownIn(folder)) await fs.rm(own, { recursive: true, force: true, maxRetries: 5 });
    await removeEmpty(folder);
  }
  const clusters = path.join(folders.state, 'clusters');
  for (const folder of [folders.cache, clusters, folders.state, folders.runtime]) await removeEmpty(folder);
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    // Something else is in it, or it is not there: as it shall be.
    const fine = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY', 'EPERM'];
    if (!fine.includes(codeOf(error) ?? '')) throw error;
  }
}
