import type { FrameworkInfo, TaskInfo } from '../../mesos/types.ts';
import type { Log } from '../log.ts';
import { ownUserName } from './accounts.ts';

/** Says, once for each user, that a task runs as us and not as the user that it names: this agent doesn't switch users. */
export class UserNotes {
  readonly #log: Log;
  readonly #own = ownUserName();
  readonly #told = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  note(framework: FrameworkInfo, task: TaskInfo): void {
    const wanted = task.command?.user ?? framework.user;
    if (wanted === '' || wanted === this.#own || this.#told.has(wanted)) return;
    this.#told.add(wanted);
    this.#log(`tasks for user ${wanted} run as ${this.#own}: this agent does not switch users`);
  }
}
