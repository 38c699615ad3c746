import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ClusterFolder } from '../../src/host/folders.ts';
import { basicAuthorization } from '../../src/mesos/authorization.ts';
import { SchedulerClient } from '../../src/mesos/scheduler.ts';
import { until } from './until.ts';

/** Another framework that shares a cluster's Mesos, with one task that sleeps. */
export class OtherFramework {
  readonly id: string;
  readonly taskId: string;
  readonly #client: SchedulerClient;

  private constructor(client: SchedulerClient, id: string, taskId: string) {
    this.#client = client;
    this.id = id;
    this.taskId = taskId;
  }

  /** Logs in as the cluster's folder says; resolves once its task runs. */
  static async start(name: string, master: string, folder: ClusterFolder): Promise<OtherFramework> {
    const credentials = await fs.readFile(path.join(folder.secrets, 'mesos.credentials'), 'utf8');
    const [principal = '', secret = ''] = credentials.trim().split(/\s+/);
    const client = new SchedulerClient({
      masters: [master],
      frameworkInfo: { name, user: os.userInfo().username, principal },
      authorization: basicAuthorization(principal, secret),
    });
    const taskId = `sleeper-${randomUUID()}`;
    let isLaunched = false;
    let isRunning = false;
    let failure: unknown;
    const doing = (call: Promise<void>): void => void call.catch((error: unknown) => (failure = error));
    client.on('offers', (offers) => {
      for (const { id, agent_id } of offers) {
        if (isLaunched) {
          doing(client.decline([id], { refuse_seconds: 600 }));
          continue;
        }
        isLaunched = true;
        const scalar = (resource: string, value: number) =>
          ({ name: resource, type: 'SCALAR', role: '*', scalar: { value } }) as const;
        const task = {
          name: 'sleeper',
          task_id: { value: taskId },
          agent_id,
          resources: [scalar('cpus', 0.1), scalar('mem', 32)],
          command: { value: 'sleep 600' },
        };
        doing(client.accept([id], [{ type: 'LAUNCH', launch: { task_infos: [task] } }]));
      }
    });
    client.on('update', (status) => {
      isRunning ||= status.state === 'TASK_RUNNING';
      doing(client.acknowledge(status));
    });
    client.start();
    await until(
      () => {
        if (failure) throw failure as Error;
        return isRunning;
      },
      { what: `the task of ${name}`, limitMs: 30_000 },
    );
    return new OtherFramework(client, client.frameworkId?.value ?? '', taskId);
  }

  /** Ends its task with it. */
  async end(): Promise<void> {
    await this.#client.teardown();
  }
}
