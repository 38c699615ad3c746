import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import type { CommandInfo } from '../../mesos/types.ts';
import { codeOf, messageOf } from '../../host/errors.ts';
import { openOutputs } from './outputs.ts';
import { spawnAs, wordsOf } from './spawnAs.ts';
import { openNote, supervised } from './supervision.ts';
import { findProgram, type TaskUser } from './userSwitch.ts';

export interface CommandStart {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: as the agent itself. */
  readonly user: TaskUser | undefined;
  /** A further group, by which its processes are known. */
  readonly mark: number | undefined;
  /** A file to note how it ends, so that an agent that did not start it knows. */
  readonly note?: string | undefined;
}

/** Starts a command in a session of its own, writing to `stdout` and `stderr` in the sandbox. */
export function startCommand({ command, sandbox, env, user, mark, note }: CommandStart): ChildProcess {
  const words = wordsOf(command);
  // What isn't there is left to Node, which tells it apart from a program that fails.
  const isThere = findProgram(words.program, env.PATH ?? '') !== undefined;
  const noting = note !== undefined && isThere ? supervised(words) : undefined;
  const { stdout, stderr } = openOutputs(sandbox, user);
  const file = note !== undefined && noting ? openNote(note) : undefined;
  try {
    return spawnAs(noting ?? words, user, mark === undefined ? [] : [mark], {
      cwd: sandbox,
      env,
      detached: true,
      stdio: file === undefined ? ['ignore', stdout, stderr] : ['ignore', stdout, file, stderr],
    });
  } finally {
    if (file !== undefined) fs.closeSync(file);
    fs.closeSync(stdout);
    fs.closeSync(stderr);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  ENOEXEC: 'Exec format error',
  E2BIG: 'Argument list too long',
};

/** Why a command could not be started, as the system says it. */
export function startFailure(error: unknown): string {
  return reasons[codeOf(error) ?? ''] ?? messageOf(error);
}
