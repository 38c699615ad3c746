import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '../../host/errors.ts';
import { makePrivateFolder } from '../../host/files.ts';
import { runProgram } from '../program.ts';
import { installerEnvironment } from './installerEnvironment.ts';
import { installIntoFolder } from './pipTarget.ts';

export interface DebuggerOptions {
  /** The interpreter of the environment that is debugged. */
  readonly python: string;
  /** The lock of debugpy, with hashes. */
  readonly lockFile: string;
  /** The user's cache (`userFolders().cache`). */
  readonly cacheFolder: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Where debugpy for an interpreter lies in the cache, there or not. */
export async function keptDebugger(
  options: Pick<DebuggerOptions, 'python' | 'lockFile' | 'cacheFolder'>,
): Promise<string> {
  const hash = createHash('sha256')
    .update(await fs.readFile(options.lockFile))
    .update(options.python)
    .digest('hex')
    .slice(0, 12);
  return path.join(options.cacheFolder, 'tools', `debugpy-${hash}`);
}

/**
 * debugpy for an interpreter: fetched into the cache at the first call (some 5 MB, 20 MB there), so that only who debugs has
 * it. The folder is to stand at the end of Python's path. Throws ExplainedError.
 */
export async function ensureDebugger(options: DebuggerOptions): Promise<string> {
  const { lockFile, python, signal } = options;
  const target = await keptDebugger(options);
  if (await isThere(target)) return target;
  const env = installerEnvironment(options.env ?? process.env);
  const scratch = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makePrivateFolder(path.dirname(target));
    const base = await basePython(python, env, signal);
    if (!(await installIntoFolder({ python: base, lockFile, folder: scratch, compile: true, env, signal }))) {
      throw new ExplainedError('debugpy could not be installed', {
        why: `the package index has none for ${base} on this machine`,
        next: 'Add debugpy to the requirements.txt of the workspace, and start the cluster again.',
      });
    }
    await fs.rename(scratch, target).catch(async (error: unknown) => {
      // Somebody else made the same one meanwhile.
      if (!(await isThere(target))) throw error;
    });
    return target;
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

async function isThere(folder: string): Promise<boolean> {
  return fs.access(path.join(folder, 'debugpy')).then(
    () => true,
    () => false,
  );
}

/** The interpreter that an environment stands on: it has pip, which an environment of uv's has not. */
async function basePython(
  python: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  const ask = ['-I', '-c', 'import sys; print(getattr(sys, "_base_executable", sys.executable))'];
  const { status, output } = await runProgram(python, ask, { env, ...(signal ? { signal } : {}) });
  return status === 0 && output.trim() !== '' ? output.trim() : python;
}
