import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../host/processes.ts';
import { startCommand, startFailure, type CommandStart } from './commandStart.ts';
import type { Exit } from './exitText.ts';
import { addToStderr } from './outputs.ts';
import { readNote } from './supervision.ts';

/** Milliseconds between two looks at a process that is not our child. */
const lookEvery = 200;

/** A task's first process. */
export interface Leader {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
}

/** Starts a command; with a note (`start.note`) one that another agent process can adopt. */
export function startLeader(start: CommandStart): Leader {
  const child = startCommand(start);
  const { note } = start;
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      // It never ran. Mesos's command executor says so in the task's stderr and exits with 1.
      if (child.pid !== undefined) return;
      addToStderr(start.sandbox, `Failed to execute command: ${startFailure(error)}`);
      resolve({ code: 1, signal: null });
    });
    child.once('exit', (code, signal) => {
      resolve((note === undefined ? undefined : readNote(note)) ?? { code, signal });
    });
  });
  return { pid: child.pid, exited };
}

/** Watches what an earlier agent process started; its pid is undefined where it has ended: that may be another's by now. */
export async function adoptLeader(identity: ProcessIdentity, note: string): Promise<Leader> {
  const watch = async (): Promise<Exit> => {
    while (await isAlive(identity)) await delay(lookEvery);
    return exitOfGone(note);
  };
  return { pid: (await isAlive(identity)) ? identity.pid : undefined, exited: watch() };
}

/** How a process ended that nobody watched: a shell that notes it says nothing only where SIGKILL ended it, too. */
function exitOfGone(note: string): Exit {
  return readNote(note) ?? { code: null, signal: fs.existsSync(note) ? 'SIGKILL' : null };
}
