import type { SandboxEntry } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import type { ClusterLink } from '../cluster.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { parentOf } from './pathInside.ts';
import type { ReadPiece } from './pieces.ts';

/** One task's sandbox, by way of the service: no agent's address is needed. */
export class TaskSandbox {
  readonly #link: ClusterLink;
  readonly run: TaskRun;
  readonly #id: string;

  /** Throws CommandError (1) where the task has no sandbox yet. */
  constructor(link: ClusterLink, run: TaskRun) {
    if (run.mesos_task_id === null) {
      throw new CommandError(exitCodes.failed, `${run.key.task_id} has no sandbox yet`, {
        why: run.waits ?? 'it has not been started on an agent',
        next: 'Wait for it: mesos-airflow tasks shows where it stands',
      });
    }
    this.#link = link;
    this.run = run;
    this.#id = run.mesos_task_id;
  }

  /** `path`: as pathInside gives it. */
  list(path: string): Promise<readonly SandboxEntry[]> {
    return this.#link.ask((client) => client.sandbox(this.#id, path));
  }

  /** What stands at a path. Throws CommandError (4) where there is nothing. */
  async entry(path: string): Promise<SandboxEntry> {
    const { folder } = parentOf(path);
    const found = (await this.list(folder)).find((entry) => entry.path === path);
    if (found) return found;
    throw new CommandError(exitCodes.notFound, `There is no ${path} in the sandbox of ${this.#id}`, {
      next: `See what there is: mesos-airflow sandbox ls ${this.#id}${folder === '' ? '' : ` ${folder}`}`,
    });
  }

  reader(path: string): ReadPiece {
    return (offset, signal) =>
      this.#link.ask((client) => client.sandboxFile(this.#id, path, { offset, signal }));
  }

  archive(path: string, signal: AbortSignal): ReturnType<ClusterLink['client']['sandboxArchive']> {
    return this.#link.ask((client) => client.sandboxArchive(this.#id, path, { signal }));
  }
}
