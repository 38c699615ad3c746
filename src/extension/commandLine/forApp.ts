import os from 'node:os';
import type * as z from 'zod/mini';
import type { App } from '../app.ts';
import type { Program } from './arguments.ts';
import { askCommandLine } from './ask.ts';
import type { PhaseLine } from './progress.ts';
import { runCommandLine } from './run.ts';

/** Asks the command line something; what it says is JSON of `schema`. */
export function ask<T extends z.ZodMiniType>(
  app: App,
  args: readonly string[],
  schema: T,
  limitMs: number,
): Promise<z.output<T>> {
  app.log.debug(`mesos-airflow ${args.join(' ')}`);
  return askCommandLine(app.program(), args, schema, { cwd: os.homedir(), limitMs });
}

/** Runs a command that tells its phases; all that it says goes to the log and to `app.progress`. */
export async function runWithPhases(
  app: App,
  args: readonly string[],
  options: {
    readonly program?: Program;
    readonly cwd?: string;
    readonly signal?: AbortSignal;
    readonly onPhase: (line: PhaseLine) => void;
    /** Somebody else does it already, and this only follows. */
    readonly onFollowing?: () => void;
  },
): Promise<void> {
  app.log.info(`mesos-airflow ${args.join(' ')}`);
  await runCommandLine(options.program ?? app.program(), args, {
    cwd: options.cwd ?? os.homedir(),
    signal: options.signal ?? new AbortController().signal,
    onText: (line) => app.log.debug(line),
    onProgress: (line) => {
      app.progress.fire(line);
      if (line.type === 'notice') app.log.warn(line.text);
      if (line.type === 'notice' && line.following) options.onFollowing?.();
      if (line.type !== 'phase') return;
      if (line.state !== 'running') app.log.info(`${line.phase}: ${line.state} · ${line.detail}`);
      options.onPhase(line);
    },
  });
}
