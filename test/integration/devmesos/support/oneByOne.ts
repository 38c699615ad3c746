import fs from 'node:fs/promises';
import path from 'node:path';
import type { CommandInfo, FrameworkInfo, Id, TaskInfo, TaskStatus } from '../../../../src/mesos/types.ts';
import { modern, RawScheduler, taskFor } from '../../../support/rawScheduler.ts';
import { until } from '../../../support/until.ts';
import type { Parts } from './parts.ts';

const unfinished = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];

/** A framework that launches a task on each offer of one agent, and acknowledges all. */
export class OneByOne {
  readonly scheduler: RawScheduler;
  readonly agentId: Id;
  readonly agentUrl: string;
  /** The agent's. */
  readonly workDir: string;
  #offers = 0;

  private constructor(scheduler: RawScheduler, agent: { url: string; id: string; workDir: string }) {
    this.scheduler = scheduler;
    this.agentId = { value: agent.id };
    this.agentUrl = agent.url;
    this.workDir = agent.workDir;
  }

  /** Starts the agent, and subscribes. */
  static async begin(
    parts: Parts,
    agentArguments: readonly string[] = [],
    info: FrameworkInfo = modern,
  ): Promise<OneByOne> {
    const agent = await parts.startAgent('agent-1', ...agentArguments);
    const scheduler = await RawScheduler.subscribe(parts.masterUrl, info);
    scheduler.acknowledgeAll();
    return new OneByOne(scheduler, agent);
  }

  /** On the next offer that isn't used yet. */
  async launch(id: string, command: CommandInfo, rest: Partial<TaskInfo> = {}): Promise<void> {
    const offers = await this.scheduler.offersOf(this.#offers + 1);
    this.#offers = offers.length;
    await this.scheduler.launch([offers.at(-1)!], [taskFor(this.agentId, id, command, rest)], 0);
  }

  async kill(id: string): Promise<void> {
    await this.scheduler.call({ type: 'KILL', kill: { task_id: { value: id } } });
  }

  /** The sandbox of a task's last run. */
  async sandboxOf(id: string): Promise<string> {
    const framework = (await this.scheduler.id()).value;
    const folder = path.join(
      this.workDir,
      'slaves',
      this.agentId.value,
      'frameworks',
      framework,
      'executors',
      id,
    );
    return fs.realpath(path.join(folder, 'runs', 'latest'));
  }

  /** A file of that. */
  async read(id: string, file: string): Promise<string> {
    return fs.readFile(path.join(await this.sandboxOf(id), file), 'utf8');
  }

  /** What a task's end was told with. */
  async end(id: string): Promise<TaskStatus> {
    return until(() => this.scheduler.updates(id).find(({ state }) => !unfinished.includes(state)), {
      what: `the end of ${id}`,
    });
  }
}
