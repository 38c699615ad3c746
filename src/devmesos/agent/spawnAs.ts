import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { CommandInfo } from '../../mesos/types.ts';
import { findProgram, type TaskUser } from './userSwitch.ts';

/** A program and its arguments, with the name that it is given as argv[0]; undefined: its own. */
export interface Words {
  readonly program: string;
  readonly args: readonly string[];
  readonly argv0: string | undefined;
}

/** What a command is to the system: a shell with its text, or a program with its argv. */
export function wordsOf({ shell = true, value = '', arguments: argv = [] }: CommandInfo): Words {
  const [argv0 = value, ...args] = shell ? ['sh', '-c', value] : argv;
  return { program: shell ? '/bin/sh' : value, args, argv0 };
}

/**
 * Starts a program as a user, undefined: as the agent itself.
 * @param marks further groups, by which its processes are known
 */
export function spawnAs(
  { program, args, argv0 }: Words,
  user: TaskUser | undefined,
  marks: readonly number[],
  options: SpawnOptions & { readonly env: Readonly<Record<string, string>> },
): ChildProcess {
  const named = argv0 === undefined ? options : { ...options, argv0 };
  if (!user) return spawn(program, args, named);
  const { setpriv, uid, gid } = user;
  // What isn't there is left to Node, which tells it apart from a program that fails.
  if (setpriv === undefined || findProgram(program, options.env.PATH ?? '') === undefined) {
    return spawn(program, args, { ...named, uid, gid });
  }
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${[...user.groups, ...marks].join(',')}`];
  // It becomes the program, whose argv[0] is then its path.
  return spawn(setpriv, [...identity, '--', program, ...args], options);
}
