import os from 'node:os';
import * as z from 'zod/mini';
import { statusArguments, watchArguments, type Program } from '../commandLine/arguments.ts';
import { askCommandLine } from '../commandLine/ask.ts';
import { runCommandLine } from '../commandLine/run.ts';
import type { Revive } from './containerService.ts';
import type { Watch } from './partWatch.ts';

/** Starting a container again, and waiting until its service answers. */
const reviveLimitMs = 60_000;
/** Of what `status` prints: it answered. */
const answered = z.object({ name: z.string() });

/** Has the command line start a service again: any question to a cluster does. */
export function reviveBy(program: () => Program): Revive {
  return async (cluster, signal) => {
    const limits = { cwd: os.homedir(), limitMs: reviveLimitMs, signal };
    await askCommandLine(program(), statusArguments(cluster), answered, limits);
  };
}

/** Has the command line watch a cluster's containers. `say`: what else it has to tell. */
export function watchBy(program: () => Program, say: (line: string) => void): Watch {
  return async (cluster, tell, signal) => {
    await runCommandLine(program(), watchArguments(cluster), {
      cwd: os.homedir(),
      signal,
      onText: (text) => {
        // Other records only say that it still watches.
        if (!text.startsWith('{')) say(text);
      },
      onProgress: (line) => {
        if (line.type === 'incident') tell(line);
        else if (line.type === 'notice') say(line.text);
      },
    });
  };
}
