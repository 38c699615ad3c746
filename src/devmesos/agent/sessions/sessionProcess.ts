import { spawn, type ChildProcess } from 'node:child_process';
import type { CommandInfo } from '../../../mesos/types.ts';
import { findProgram, type TaskUser } from '../userSwitch.ts';
import type { TerminalProgram } from './terminalProgram.ts';

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

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
  const { shell = true, value = '', arguments: argv = [] } = command;
  const program = shell ? '/bin/sh' : value;
  const [argv0 = program, ...args] = shell ? ['sh', '-c', value] : argv;
  const words = terminal
    ? [
        terminal.python,
        terminal.script,
        String(terminal.size.rows),
        String(terminal.size.columns),
        program,
        ...args,
      ]
    : [program, ...args];
  const [first = program, ...rest] = words;
  const options = {
    cwd: sandbox,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', terminal ? 'pipe' : 'ignore'] as ('pipe' | 'ignore')[],
    ...(terminal ? {} : { argv0 }),
  };
  if (!user) return spawn(first, rest, options);
  const { setpriv, uid, gid } = user;
  // What isn't there is left to Node, which tells it apart from a program that fails.
  if (setpriv === undefined || findProgram(first, env.PATH ?? '') === undefined) {
    return spawn(first, rest, { ...options, uid, gid });
  }
  const groups = [...user.groups, ...marks].join(',');
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups}`];
  // It becomes the program, whose argv[0] is then its path.
  return spawn(setpriv, [...identity, '--', ...words], { ...options, argv0: setpriv });
}
