import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, ExplainedError } from '../host/errors.ts';
import { makePrivateFolder } from '../host/files.ts';
import type { UserFolders } from '../host/folders.ts';

/** This machine or its folders lack something that a cluster needs; the message says what to do. */
export class MachineError extends ExplainedError {
  constructor(what: string, parts: { why?: string; next?: string; cause?: unknown } = {}) {
    super(what, parts);
    this.name = 'MachineError';
  }
}

const megabyte = 1024 * 1024;

/** Room for a Python environment with Airflow and its requirements, in megabytes. */
export const environmentDisk = 700;
/** Room for a cluster's database, logs and sandboxes, in megabytes. */
export const clusterDisk = 200;

/**
 * Makes the user's folders and returns how many megabytes are free where they lie (the least of state and cache).
 * `needed`: the least in each. Throws MachineError where a folder cannot be written or too little is free.
 */
export async function checkFolders(
  folders: UserFolders,
  needed: { readonly state: number; readonly cache: number },
): Promise<number> {
  let least = Infinity;
  for (const place of ['state', 'cache'] as const) {
    const folder = folders[place];
    await writable(folder);
    const free = await freeMegabytes(folder);
    if (free < needed[place]) {
      throw new MachineError(`Too little disk space is free in ${folder}`, {
        why: `${Math.floor(free)} MB are free, and about ${needed[place]} MB are needed`,
        next: 'Free some space, or choose another disk with MESOS_AIRFLOW_HOME=/path/to/folder.',
      });
    }
    least = Math.min(least, free);
  }
  await writable(folders.runtime);
  return least;
}

async function writable(folder: string): Promise<void> {
  try {
    await makePrivateFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new MachineError(`${folder} cannot be written`, {
      why: whyNot(error),
      next: 'Change its permissions, or choose another place with MESOS_AIRFLOW_HOME=/path/to/folder.',
      cause: error,
    });
  }
}

async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / megabyte;
}

/** The absolute path of a folder with DAGs. Throws MachineError where it is none or cannot be read. */
export async function checkDagsFolder(folder: string): Promise<string> {
  const absolute = path.resolve(folder);
  try {
    if (!(await stat(absolute)).isDirectory()) {
      throw new MachineError(`${absolute} is not a folder`, {
        next: 'Name the folder that holds your DAG files: --dags DIR.',
      });
    }
    await readdir(absolute);
  } catch (error) {
    if (error instanceof MachineError) throw error;
    const absent = codeOf(error) === 'ENOENT';
    throw new MachineError(
      absent ? `There is no DAG folder ${absolute}` : `The DAG folder ${absolute} cannot be read`,
      {
        ...(absent ? {} : { why: whyNot(error) }),
        next: absent
          ? 'Make it, or name the folder that holds your DAG files: --dags DIR.'
          : 'Change its permissions, or name another one: --dags DIR.',
        cause: error,
      },
    );
  }
  return absolute;
}

function whyNot(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'you are not allowed to';
    case 'EROFS':
      return 'its disk is read-only';
    case 'ENOTDIR':
      return 'a part of its path is a file';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
