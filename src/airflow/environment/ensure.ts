import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../host/errors.ts';
import { makePrivateFolder } from '../../host/files.ts';
import { LockHeldError, takeLock, type Lock } from '../../host/lock.ts';
import { diskFull, neededMegabytes } from './failures.ts';
import { installWithPip, installWithUv, type InstallPlan } from './install.ts';
import { installerEnvironment, uvEnvironment } from './installerEnvironment.ts';
import { environmentName } from './key.ts';
import { lockedPackages } from './lock.ts';
import { readMarker, writeMarker } from './marker.ts';
import { pythonOf } from './paths.ts';
import { pipSettings } from './pipConfiguration.ts';
import { findPython } from './python.ts';
import { readRequirements } from './requirements.ts';
import type { Environment, EnvironmentOptions } from './types.ts';
import { bootstrapUv, findUv } from './uv.ts';

/**
 * The Python environment with Airflow: made from the lock at the first call (some 10 s and 290 MB), taken from the cache
 * afterwards. Of two that want the same one, one makes it and the other waits. Throws ExplainedError with what to do (no
 * Python, no network, a full disk, a conflict in the workspace's requirements), or the signal's reason once it is aborted.
 */
export async function ensureEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { lockFile, signal } = options;
  const cacheFolder = path.resolve(options.cacheFolder);
  signal?.throwIfAborted();
  const env = installerEnvironment(options.env ?? process.env);
  const onProgress = options.onProgress ?? (() => undefined);
  const lock = await fs.readFile(lockFile, 'utf8');
  const locked = lockedPackages(lock);
  const airflowVersion = locked.find(({ name }) => name === 'apache-airflow')?.version;
  if (airflowVersion === undefined) throw new Error(`${lockFile} does not lock apache-airflow`);
  const requirements = options.requirements ? await readRequirements(options.requirements) : undefined;

  onProgress({ phase: 'python', detail: 'looking for Python' });
  const ownUv = await findUv(env, signal);
  const python = await findPython({
    chosen: options.python,
    env,
    needsVenv: ownUv === undefined,
    uv: ownUv,
    signal,
  });
  const name = environmentName({
    lock,
    requirements: requirements?.content,
    pythonVersion: python.version,
    basePython: await fs.realpath(python.executable),
    airflowVersion,
    platform: process.platform,
    arch: process.arch,
  });
  const folder = path.join(cacheFolder, 'environments', name);
  const kept = await finished(folder);
  if (kept) return kept;

  const guard = await guardOf(cacheFolder, name, options);
  try {
    const madeMeanwhile = await finished(folder);
    if (madeMeanwhile) return madeMeanwhile;
    const plan: InstallPlan = {
      ...{ folder, lockFile, locked, requirements, env, signal, onProgress },
      basePython: python.executable,
    };
    await build(plan, options, ownUv);
    await writeMarker(folder, {
      airflowVersion,
      pythonVersion: python.version,
      packages: await countPackages(folder),
    });
    const made = await finished(folder);
    if (!made) throw new Error(`${folder} was removed while it was made`);
    return { ...made, reused: false };
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') throw diskFull(folder);
    throw error;
  } finally {
    await guard.release();
  }
}

/** The environment in a folder, if it is a whole one whose base interpreter is still there. */
async function finished(folder: string): Promise<Environment | undefined> {
  const note = await readMarker(folder);
  if (!note) return undefined;
  const python = pythonOf(folder);
  try {
    await fs.access(python, fs.constants.X_OK);
  } catch {
    return undefined;
  }
  return { python, folder, ...note, reused: true };
}

async function build(
  plan: InstallPlan,
  options: EnvironmentOptions,
  ownUv: string | undefined,
): Promise<void> {
  const parent = path.dirname(plan.folder);
  await makePrivateFolder(parent);
  await removeHalfMade(options.cacheFolder);
  await fs.rm(plan.folder, { recursive: true, force: true });
  await checkSpace(parent);
  const uv = ownUv ?? (await fetchedUv(plan, options));
  if (uv === undefined) {
    plan.onProgress({ phase: 'packages', detail: 'fetching packages with pip' });
    await installWithPip(plan);
  } else {
    plan.onProgress({ phase: 'packages', detail: 'looking for packages' });
    await installWithUv({ ...plan, env: uvEnvironment(plan.env, await pipSettings(plan.env)) }, uv);
  }
}

async function fetchedUv(plan: InstallPlan, options: EnvironmentOptions): Promise<string | undefined> {
  if (options.uvLockFile === undefined) return undefined;
  plan.onProgress({ phase: 'installer', detail: 'fetching uv, which installs faster than pip' });
  return bootstrapUv({
    lockFile: options.uvLockFile,
    cacheFolder: options.cacheFolder,
    python: plan.basePython,
    env: plan.env,
    signal: plan.signal,
  });
}

async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await fs.statfs(folder);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free < neededMegabytes) throw diskFull(folder, free);
}

function guardFile(cacheFolder: string, name: string): string {
  return path.join(cacheFolder, 'locks', `environment-${name}`);
}

/** Waits while somebody else makes the same environment. */
async function guardOf(cacheFolder: string, name: string, options: EnvironmentOptions): Promise<Lock> {
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await takeLock(guardFile(cacheFolder, name));
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      options.onProgress?.({
        phase: 'wait',
        detail: `waiting for process ${error.holder.pid}, which makes the same environment`,
      });
    }
    await delay(250, undefined, options.signal ? { signal: options.signal } : {});
  }
}

/** Removes what was left by builders that were killed. */
async function removeHalfMade(cacheFolder: string): Promise<void> {
  const parent = path.join(cacheFolder, 'environments');
  for (const name of await fs.readdir(parent)) {
    const folder = path.join(parent, name);
    if (await readMarker(folder)) continue;
    let guard: Lock;
    try {
      guard = await takeLock(guardFile(cacheFolder, name));
    } catch (error) {
      if (error instanceof LockHeldError) continue;
      throw error;
    }
    try {
      // Whoever had the lock may have finished it just now.
      if (!(await readMarker(folder))) await fs.rm(folder, { recursive: true, force: true });
    } finally {
      await guard.release();
    }
  }
}

/** Packages say of themselves that they are installed, each in a folder. */
async function countPackages(folder: string): Promise<number> {
  const library = path.join(folder, 'lib');
  for (const python of await fs.readdir(library)) {
    const names = await fs.readdir(path.join(library, python, 'site-packages'));
    return names.filter((name) => name.endsWith('.dist-info')).length;
  }
  throw new Error(`${library} is empty`);
}
