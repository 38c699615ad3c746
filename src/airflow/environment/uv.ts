import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makePrivateFolder } from '../../host/files.ts';
import { runProgram } from '../program.ts';
import { compareVersions } from '../versions.ts';
import { allOnPath } from './onPath.ts';
import { installIntoFolder } from './pipTarget.ts';

/** The first uv with all options that we use. */
const oldestUv = '0.4.0';

/** The person's own uv, on PATH or where its installer puts it; undefined where there is none that will do. */
export async function findUv(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string | undefined> {
  const home = env.HOME ?? os.homedir();
  const folders = [path.join(home, '.local', 'bin'), path.join(home, '.cargo', 'bin')];
  for (const file of await allOnPath('uv', env, folders)) {
    if (await isUv(file, env, signal)) return file;
  }
  return undefined;
}

async function isUv(file: string, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const { status, output } = await runProgram(file, ['--version'], { env, ...(signal ? { signal } : {}) });
    const version = /^uv (\d+\.\d+\.\d+)/m.exec(output)?.[1];
    return status === 0 && version !== undefined && compareVersions(version, oldestUv) >= 0;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

export interface UvBootstrap {
  /** The requirements file with uv's version and hashes. */
  readonly lockFile: string;
  readonly cacheFolder: string;
  /** An interpreter with venv and ensurepip. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Where a uv of ours lies in the cache, there or not. */
export async function keptUv(cacheFolder: string, lockFile: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await fs.readFile(lockFile))
    .digest('hex')
    .slice(0, 12);
  return path.join(cacheFolder, 'tools', `uv-${hash}`, process.platform === 'win32' ? 'uv.exe' : 'uv');
}

/**
 * Fetches the pinned uv from the person's package index with pip, into the cache; taken from there the next time.
 * undefined where the index has none for this machine. Throws ExplainedError where the index cannot be reached.
 */
export async function bootstrapUv(options: UvBootstrap): Promise<string | undefined> {
  const { cacheFolder, env, lockFile, python, signal } = options;
  const target = await keptUv(cacheFolder, lockFile);
  if (await isUv(target, env, signal)) return target;
  const scratch = `${path.dirname(target)}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makePrivateFolder(path.dirname(target));
    const what = { python, lockFile, folder: scratch, compile: false, env, signal };
    if (!(await installIntoFolder(what))) return undefined;
    // uv is one program that needs nothing beside it.
    await fs.rename(path.join(scratch, 'bin', path.basename(target)), target);
    return (await isUv(target, env, signal)) ? target : undefined;
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}
