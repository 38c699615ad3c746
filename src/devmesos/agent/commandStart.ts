import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import type { CommandInfo } from '../../mesos/types.ts';
import { codeOf, messageOf } from '../../host/errors.ts';
import { openOutputs } from './outputs.ts';
import { spawnAs, wordsOf } from './spawnAs.ts';
import type { TaskUser } from './userSwitch.ts';

export interface CommandStart {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: as the agent itself. */
  readonly user: TaskUser | undefined;
  /** A further group, by which its processes are known. */
  readonly mark: number | undefined;
}

/** Starts a command in a session of its own, writing to `stdout` and `stderr` in the sandbox. */
export function startCommand({ command, sandbox, env, user, mark }: CommandStart): ChildProcess {
  const { stdout, stderr } = openOutputs(sandbox, user);
  try {
    return spawnAs(wordsOf(command), user, mark === undefined ? [] : [mark], {
      cwd: sandbox,
      env,
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
  } finally {
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
