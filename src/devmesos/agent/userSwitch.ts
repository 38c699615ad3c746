import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameworkInfo, TaskInfo } from '../../mesos/types.ts';
import type { Log } from '../log.ts';
import { ownUserName } from './accounts.ts';
import { findUser, type SystemUser } from './userDatabase.ts';

/** A user that a task runs as, not the agent's own. */
export interface TaskUser extends SystemUser {
  /** The program that takes on a user with all groups (util-linux); undefined where there is none: the first group must do. */
  readonly setpriv: string | undefined;
}

/** A task names a user that this machine doesn't have. */
export class NoSuchUserError extends Error {
  readonly user: string;
  constructor(user: string) {
    super(`Failed to chown directory to '${user}': No such user '${user}'`);
    this.name = 'NoSuchUserError';
    this.user = user;
  }
}

/** Decides as which user a task runs: Mesos' --switch_user. Only root can run others than its own. */
export class UserSwitch {
  readonly isOn: boolean;
  readonly #log: Log;
  readonly #own = ownUserName();
  readonly #setpriv = findProgram('setpriv', process.env.PATH ?? '');
  readonly #told = new Set<string>();

  constructor(wanted: boolean, log: Log) {
    this.isOn = wanted && process.getuid?.() === 0;
    this.#log = log;
  }

  /** Undefined: as the agent itself. Throws NoSuchUserError. */
  async userOf(framework: FrameworkInfo, task: Pick<TaskInfo, 'command'>): Promise<TaskUser | undefined> {
    const wanted = task.command?.user ?? framework.user;
    if (wanted === '' || wanted === this.#own) return undefined;
    if (!this.isOn) {
      this.#note(wanted, `tasks for user ${wanted} run as ${this.#own}: this agent does not switch users`);
      return undefined;
    }
    const user = await findUser(wanted);
    if (!user) throw new NoSuchUserError(wanted);
    if (user.groups.length > 1 && this.#setpriv === undefined) {
      this.#note(wanted, `tasks for user ${wanted} run with its first group only: there is no setpriv here`);
    }
    return { ...user, setpriv: this.#setpriv };
  }

  /**
   * Whether processes of other users must be told apart by a mark: root may not read their environment in a container
   * without the capability SYS_PTRACE.
   */
  get needsMarks(): boolean {
    return this.isOn && this.#setpriv !== undefined && process.platform === 'linux' && !hasCapability(19);
  }

  #note(user: string, text: string): void {
    // Once for each user.
    if (this.#told.has(user)) return;
    this.#told.add(user);
    this.#log(text);
  }
}

/** Where a program is, as a shell looks for it; undefined where it isn't. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const places = name.includes('/') ? [name] : searchPath.split(':').map((folder) => path.join(folder, name));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** By its number in capabilities(7). */
function hasCapability(number: number): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> BigInt(number)) & 1n) === 1n;
}
