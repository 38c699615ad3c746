import fs from 'node:fs/promises';
import os from 'node:os';
import type { DockerEngine } from './ask.ts';
import { codeOf } from '../host/errors.ts';

/**
 * The bytes that are free where Docker keeps its images, containers and volumes; undefined where that cannot be known: the
 * daemon is on another machine or in a virtual one, which Docker's API tells no space of.
 */
export async function diskFree(engine: DockerEngine): Promise<number | undefined> {
  const { endpoint, info } = engine;
  const isHere = endpoint.local && process.platform === 'linux' && info.hostname === os.hostname();
  if (!isHere || info.dataFolder === '') return undefined;
  try {
    const { bavail, bsize } = await fs.statfs(info.dataFolder);
    return bavail * bsize;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return undefined;
    throw error;
  }
}
