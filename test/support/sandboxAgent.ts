import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ServiceClient } from '../../src/client/serviceClient.ts';
import type { Framework } from '../../src/framework/framework.ts';
import type { AttemptRecord, TaskRecord } from '../../src/framework/types.ts';
import { clusterFolderAt } from '../../src/host/folders.ts';
import { AttemptAgents } from '../../src/service/attemptAgents.ts';
import { requestHandler } from '../../src/service/http/handler.ts';
import { listenBoth, type Listeners } from '../../src/service/http/listen.ts';
import { RouteTable } from '../../src/service/http/route.ts';
import { lineLogger } from '../../src/service/log.ts';
import { TaskLogs } from '../../src/service/logs/taskLogs.ts';
import { passingFailure } from '../../src/service/routes/failures.ts';
import { taskFileRoutes } from '../../src/service/routes/taskFiles.ts';
import { Parts } from '../integration/devmesos/support/parts.ts';

const frameworkId = 'F-sandboxes';
const token = 'token-of-a-test';

/** A sandbox that a test writes into, as a task's process does. */
export interface Sandbox {
  readonly id: string;
  readonly folder: string;
  readonly attempt: AttemptRecord;
}

/**
 * A dev agent as a process of its own with sandboxes that a test fills itself, and the routes of a service that reads them,
 * in the test's process: no task runs, so that nothing but reading is seen.
 */
export class SandboxAgent {
  readonly parts: Parts;
  readonly logs: TaskLogs;
  readonly client: ServiceClient;
  readonly #agent: { url: string; readonly id: string; readonly workDir: string };
  readonly #tasks: Map<string, { task: TaskRecord; attempt: AttemptRecord }>;
  readonly #listeners: Listeners;

  private constructor(
    parts: Parts,
    agent: { url: string; id: string; workDir: string },
    logs: TaskLogs,
    tasks: Map<string, { task: TaskRecord; attempt: AttemptRecord }>,
    listeners: Listeners,
  ) {
    this.parts = parts;
    this.#agent = agent;
    this.logs = logs;
    this.#tasks = tasks;
    this.#listeners = listeners;
    this.client = new ServiceClient({ url: listeners.url }, token);
  }

  static async make(): Promise<SandboxAgent> {
    const parts = await Parts.make();
    await parts.startMaster();
    const agent = await parts.startAgent('agent-1');
    const tasks = new Map<string, { task: TaskRecord; attempt: AttemptRecord }>();
    const framework = {
      task: (id: string) => tasks.get(id.replace(/\.1$/, '')) ?? null,
      tasks: () => [...tasks.values()].map(({ task }) => task),
      attempts: (id: string) =>
        [...tasks.values()].flatMap(({ task, attempt }) => (task.id === id ? [attempt] : [])),
    } as unknown as Framework;
    const log = lineLogger(() => undefined);
    const logs = new TaskLogs({
      framework,
      folder: clusterFolderAt(path.join(parts.folder, 'cluster')),
      log,
      authorization: () => '',
      places: new AttemptAgents({
        addressOf: () => Promise.resolve(new URL(agent.url).host),
        agentsMove: true,
      }),
    });
    const table = new RouteTable(taskFileRoutes(framework, logs, log));
    const doors = { admin: token, airflow: { token: randomUUID(), deployment: 'test' } };
    const handler = requestHandler(table, doors, log, passingFailure);
    const listeners = await listenBoth(handler, { socket: path.join(parts.folder, 's.sock'), port: 0 });
    return new SandboxAgent(parts, agent, logs, tasks, listeners);
  }

  /** The agent's process. */
  get pid(): number {
    return this.parts.pidOf('agent-1');
  }

  /** Ends the agent's process as a power cut would. */
  async killAgent(): Promise<void> {
    await this.parts.kill('agent-1');
  }

  /** Starts it again on the same folder, at another port. */
  async startAgent(): Promise<void> {
    const { url, id } = await this.parts.startAgent('agent-1');
    if (id !== this.#agent.id) throw new Error('the agent did not recover its id');
    this.#agent.url = url;
  }

  /** A new one, with an empty stdout, of a task that runs. */
  async sandbox(): Promise<Sandbox> {
    const id = randomUUID();
    const mesosTaskId = `${id}.1`;
    const executor = path.join(
      ...[this.#agent.workDir, 'slaves', this.#agent.id, 'frameworks', frameworkId],
      ...['executors', mesosTaskId, 'runs'],
    );
    const folder = path.join(executor, randomUUID());
    await fs.mkdir(folder, { recursive: true });
    await fs.symlink(folder, path.join(executor, 'latest'));
    await fs.writeFile(path.join(folder, 'stdout'), '');
    const attempt: AttemptRecord = {
      ...{ mesos_task_id: mesosTaskId, request_id: id, attempt: 1, agent_id: this.#agent.id },
      ...{ agent: 'agent-1', agent_address: null, framework_id: frameworkId, executor_id: mesosTaskId },
      ...{ container_id: null, state: 'TASK_RUNNING', ended: null, reason: null, source: null },
      ...{ message: null, launched: 1, redeemed: 2 },
    };
    const task: TaskRecord = {
      ...{ id, deployment: 'test', state: 'running', mesos_task_id: mesosTaskId, attempt: 1 },
      key: { dag_id: 'd', run_id: 'r', task_id: 't', map_index: -1, try_number: 1 },
      ...{ agent_id: this.#agent.id, agent: 'agent-1', constraints: {}, priority: 0, queue: null },
      resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
      ...{ waits: null, info: '', queued: 0, launched: 1, started: 2, ended: null },
    };
    this.#tasks.set(id, { task, attempt });
    return { id, folder, attempt };
  }

  /** The task is over. */
  end({ id }: Sandbox): void {
    const { task, attempt } = this.#tasks.get(id)!;
    const ended = Date.now();
    const over = { task: { ...task, state: 'finished' as const, ended }, attempt: { ...attempt, ended } };
    this.#tasks.set(id, over);
    this.logs.changed(over.task);
  }

  async remove(): Promise<void> {
    await this.#listeners.close();
    await this.logs.close();
    await this.parts.remove();
  }
}
