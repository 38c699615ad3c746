import { runProgram, type ProgramResult } from '../program.ts';
import { explainInstallFailure, isDiskFull, isUntrusted, unreachableReason } from './failures.ts';
import { pythonOf } from './paths.ts';

export interface PipTarget {
  /** An interpreter with pip, or with venv and ensurepip. */
  readonly python: string;
  /** A requirements file with hashes. */
  readonly lockFile: string;
  /** The folder that it goes into; made by it. */
  readonly folder: string;
  /** Compile what is installed. */
  readonly compile: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/**
 * Has pip fetch what a lock names into a folder of its own, by the person's package index. False where the index has
 * nothing of it for this machine. Throws ExplainedError where the index cannot be reached or the disk is full.
 */
export async function installIntoFolder(options: PipTarget): Promise<boolean> {
  const { compile, env, folder, lockFile, python, signal } = options;
  const run = (command: string, args: readonly string[]): Promise<ProgramResult> =>
    runProgram(command, args, { env, ...(signal ? { signal } : {}) });
  const install = [
    ...['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-deps'],
    ...(compile ? [] : ['--no-compile']),
    ...['--target', folder, '-r', lockFile],
  ];
  // Most interpreters bring pip; one that doesn't gets it in a virtual environment, which takes some seconds more.
  let { status, output } = await run(python, install);
  if (status !== 0 && output.includes('No module named pip')) {
    const made = await run(python, ['-m', 'venv', folder]);
    ({ status, output } = made.status === 0 ? await run(pythonOf(folder), install) : made);
  }
  if (status === 0) return true;
  if (isDiskFull(output) || isUntrusted(output) || unreachableReason(output)) {
    throw explainInstallFailure({ output, folder, locked: [] });
  }
  return false;
}
