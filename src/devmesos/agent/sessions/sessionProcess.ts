import type { ChildProcess } from 'node:child_process';
import type { CommandInfo } from '../../../mesos/types.ts';
import { spawnAs, wordsOf, type Words } from '../spawnAs.ts';
import type { TaskUser } from '../userSwitch.ts';
import type { WindowSize } from './sessionCommand.ts';
import type { TerminalProgram } from './terminalProgram.ts';

export interface SessionStart {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: as the agent itself. */
  readonly user: TaskUser | undefined;
  /** Further groups, by which its processes are known to be the task's, and the session's. */
  readonly marks: readonly number[];
  /** Undefined: pipes. */
  readonly terminal: (TerminalProgram & { readonly size: WindowSize }) | undefined;
}

/**
 * Starts a session's command, the leader of a process session of its own. Its standard streams are pipes; at a terminal,
 * those of terminal.py, which takes new sizes on file descriptor 3.
 */
export function startSession({ command, sandbox, env, user, marks, terminal }: SessionStart): ChildProcess {
  const words = wordsOf(command);
  return spawnAs(terminal ? atTerminal(words, terminal) : words, user, marks, {
    cwd: sandbox,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', terminal ? 'pipe' : 'ignore'],
  });
}

function atTerminal(
  { program, args }: Words,
  { python, script, size }: NonNullable<SessionStart['terminal']>,
): Words {
  const rest = [script, String(size.rows), String(size.columns), program, ...args];
  return { program: python, args: rest, argv0: undefined };
}
