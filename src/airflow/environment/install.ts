import fs from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../program.ts';
import { explainInstallFailure, isUntrusted } from './failures.ts';
import { withSystemCertificates } from './installerEnvironment.ts';
import { constraintsOf, type LockedPackage } from './lock.ts';
import { pythonOf } from './paths.ts';
import { pipProgress, uvProgress, type ProgressReader } from './progress.ts';
import type { Requirements } from './requirements.ts';
import type { EnvironmentProgress } from './types.ts';

export interface InstallPlan {
  /** The folder of the environment, which isn't there yet. */
  readonly folder: string;
  /** The interpreter on which it stands. */
  readonly basePython: string;
  readonly lockFile: string;
  readonly locked: readonly LockedPackage[];
  readonly requirements: Requirements | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: EnvironmentProgress) => void;
}

/** Makes the environment with uv, bytecode included. Throws ExplainedError; what is half-made then is the caller's. */
export async function installWithUv(plan: InstallPlan, uv: string): Promise<void> {
  // Not `-p`, which takes a path that looks like a version for a version.
  const target = ['--python', pythonOf(plan.folder)];
  const quiet = path.dirname(plan.folder);
  await attempt(plan, uv, ['venv', '--no-project', '--python', plan.basePython, plan.folder], { cwd: quiet });
  await attempt(
    plan,
    uv,
    [
      ...['pip', 'install', ...target, '--compile-bytecode'],
      // With every file's hash known it doesn't matter which of several indexes has it.
      ...['--require-hashes', '--only-binary', ':all:', '--index-strategy', 'unsafe-best-match'],
      ...['-r', plan.lockFile],
    ],
    { cwd: quiet, reader: uvProgress('packages') },
  );
  await withConstraints(plan, (requirements, constraints) =>
    attempt(
      plan,
      uv,
      ['pip', 'install', ...target, '--compile-bytecode', '-r', requirements.file, '-c', constraints],
      {
        cwd: path.dirname(requirements.file),
        reader: uvProgress('requirements'),
        requirements,
      },
    ),
  );
}

/** The same with venv and pip: slower, and always there. pip compiles what it installs. */
export async function installWithPip(plan: InstallPlan): Promise<void> {
  const quiet = path.dirname(plan.folder);
  const pip = ['-m', 'pip', 'install'];
  await attempt(plan, plan.basePython, ['-m', 'venv', plan.folder], { cwd: quiet });
  await attempt(
    plan,
    pythonOf(plan.folder),
    [...pip, '--require-hashes', '--only-binary', ':all:', '-r', plan.lockFile],
    { cwd: quiet, reader: pipProgress('packages', new Set(plan.locked.map(({ name }) => name)).size) },
  );
  await withConstraints(plan, (requirements, constraints) =>
    attempt(plan, pythonOf(plan.folder), [...pip, '-r', requirements.file, '-c', constraints], {
      cwd: path.dirname(requirements.file),
      reader: pipProgress('requirements', requirements.lines.length),
      requirements,
    }),
  );
}

async function withConstraints(
  plan: InstallPlan,
  install: (requirements: Requirements, constraints: string) => Promise<void>,
): Promise<void> {
  const { requirements } = plan;
  if (!requirements) return;
  plan.onProgress({ phase: 'requirements', detail: `adding ${path.basename(requirements.file)}` });
  const constraints = path.join(plan.folder, 'mesos-airflow-constraints.txt');
  await fs.writeFile(constraints, constraintsOf(plan.locked));
  await install(requirements, constraints);
}

interface Attempt {
  readonly cwd: string;
  readonly reader?: ProgressReader;
  readonly requirements?: Requirements;
}

async function attempt(
  plan: InstallPlan,
  command: string,
  args: readonly string[],
  { cwd, reader, requirements }: Attempt,
): Promise<void> {
  const run = (env: NodeJS.ProcessEnv): ReturnType<typeof runProgram> =>
    runProgram(command, args, {
      env,
      cwd,
      ...(plan.signal ? { signal: plan.signal } : {}),
      onLine: (line) => {
        const progress = reader?.(line);
        if (progress) plan.onProgress(progress);
      },
    });
  let result = await run(plan.env);
  if (result.status !== 0 && isUntrusted(result.output)) result = await run(withSystemCertificates(plan.env));
  if (result.status === 0) return;
  throw explainInstallFailure({
    output: result.output,
    folder: plan.folder,
    requirements,
    locked: plan.locked,
  });
}
