import fs from 'node:fs';
import os from 'node:os';
import { codeOf } from '../../host/errors.ts';
import type { Exit } from './exitText.ts';
import type { Words } from './spawnAs.ts';

/**
 * Runs its parameters as a command and notes how it ended, for an agent that did not start it. Its own standard error is the
 * note, the command's is file 3. A shell tells there that a signal ended a command, before it makes the signal a status
 * above 128: so the two are told apart. It lives on where the command's whole group gets a signal.
 */
const script =
  'trap : HUP INT QUIT USR1 USR2 ALRM PIPE TERM; (exec "$@" 2>&3 3>&-); s=$?; echo "exit $s" >&2; exit $s';

/** A command under a shell that notes how it ends; undefined where it can't be: a shell gives no other name than a program's own. */
export function supervised({ program, args, argv0 }: Words): Words | undefined {
  if (argv0 !== undefined && argv0 !== program && program !== '/bin/sh') return undefined;
  return { program: '/bin/sh', args: ['-c', script, 'sh', program, ...args], argv0: 'sh' };
}

/** Opens a new note; the caller closes it. */
export function openNote(file: string): number {
  const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = fs.constants;
  return fs.openSync(file, O_APPEND | O_CREAT | O_TRUNC | O_WRONLY, 0o600);
}

/** How a command ended, by its note; undefined: there is none, or it does not say. */
export function readNote(file: string): Exit | undefined {
  try {
    return exitOf(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function exitOf(note: string): Exit | undefined {
  const match = /^(.*?)exit (\d+)\n$/s.exec(note);
  if (!match) return undefined;
  const status = Number(match[2]);
  const wasSignalled = (match[1] ?? '') !== '' && status > 128;
  const signal = Object.entries(os.constants.signals).find(([, number]) => number === status - 128)?.[0];
  if (wasSignalled && signal !== undefined) return { code: null, signal: signal as NodeJS.Signals };
  return { code: status, signal: null };
}
