import type { Framework } from '../../framework/framework.ts';
import { terminalRequestStates, type TaskRecord } from '../../framework/types.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import type { Logger } from '../log.ts';
import { SandboxAgents, type AgentsOptions } from './agents.ts';
import { Keeper } from './kept/keeper.ts';
import { KeptStore } from './kept/store.ts';
import { TaskFiles } from './taskFiles.ts';

/** Of the task runs that ended while there was no service, so many of the newest are looked at again, of so long back. */
const mostMissed = 500;
const missedMs = 3_600_000;

export interface TaskLogsOptions extends AgentsOptions {
  readonly framework: Pick<Framework, 'task' | 'tasks'>;
  readonly folder: ClusterFolder;
  readonly log: Logger;
}

/** All that concerns logs and sandboxes: reading them from agents, and keeping their ends. */
export class TaskLogs {
  readonly agents: SandboxAgents;
  readonly kept: KeptStore;
  readonly files: TaskFiles;
  readonly #keeper: Keeper;
  readonly #framework: Pick<Framework, 'task' | 'tasks'>;

  constructor(options: TaskLogsOptions) {
    const { framework, folder, log } = options;
    this.#framework = framework;
    this.agents = new SandboxAgents(options);
    this.kept = new KeptStore(folder.kept, log);
    this.files = new TaskFiles(this.agents, this.kept);
    this.#keeper = new Keeper({
      store: this.kept,
      files: this.agents,
      find: (id) => {
        const found = framework.task(id);
        return found?.attempt ? { attempt: found.attempt, key: found.task.key } : undefined;
      },
      log,
    });
  }

  /** Keeps what ended while nobody looked. */
  start(): void {
    const since = Date.now() - missedMs;
    const over = this.#framework.tasks({ states: [...terminalRequestStates] }, mostMissed);
    for (const task of over.reverse()) if ((task.ended ?? 0) >= since) this.changed(task);
  }

  /** A task run changed: the log of one that is over is kept. */
  changed(task: TaskRecord): void {
    if (terminalRequestStates.has(task.state) && task.started !== null && task.mesos_task_id !== null) {
      this.#keeper.ended(task.mesos_task_id);
    }
  }

  async close(): Promise<void> {
    await this.#keeper.stop();
    this.agents.close();
  }
}
