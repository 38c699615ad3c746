import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TaskRequest } from '../../src/api/airflow.ts';
import { recordedParts, secretFiles, type EmbeddedSpec } from '../../src/api/cluster.ts';
import type { ClusterView } from '../../src/api/people.ts';
import { findCluster, type Connection, type KnownCluster } from '../../src/client/discover.ts';
import { ensureService, startService } from '../../src/client/start.ts';
import { readIfThere, secretIn, writePrivateFile } from '../../src/host/files.ts';
import { clusterFolder, userFolders, type ClusterFolder, type UserFolders } from '../../src/host/folders.ts';
import { choosePort } from '../../src/host/ports.ts';
import { endProcess, identify } from '../../src/host/processes.ts';
import { bundle, fixture } from './bundles.ts';
import { temporaryFolder } from './temporary.ts';
import { until } from './until.ts';

const name = 'test';

/** A real service with the dev Mesos, in folders of its own; in place of Python and Airflow stands a small script. */
export class ServiceCluster {
  readonly folders: UserFolders;
  readonly folder: ClusterFolder;
  readonly spec: EmbeddedSpec;
  readonly #temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  readonly #homeBefore = process.env.MESOS_AIRFLOW_HOME;

  private constructor(
    temporary: Awaited<ReturnType<typeof temporaryFolder>>,
    folders: UserFolders,
    spec: EmbeddedSpec,
  ) {
    this.#temporary = temporary;
    this.folders = folders;
    this.folder = clusterFolder(folders, name);
    this.spec = spec;
    // The service finds the folder of its socket by it.
    process.env.MESOS_AIRFLOW_HOME = temporary.path;
  }

  static async make(agents = 2): Promise<ServiceCluster> {
    const temporary = await temporaryFolder('service');
    const installation = path.join(temporary.path, 'installation');
    await bundle(['service', 'devmesos'], installation);
    const python = path.join(temporary.path, 'python');
    const script = await fs.readFile(fixture('service', 'interpreter.cjs'), 'utf8');
    await fs.writeFile(python, `#!${process.execPath}\n${script}`, { mode: 0o755 });
    const taken = new Set<number>();
    const port = async (): Promise<number> => {
      const chosen = await choosePort(0, taken);
      taken.add(chosen);
      return chosen;
    };
    const spec: EmbeddedSpec = {
      format: 1,
      name,
      engine: 'embedded',
      created: Date.now(),
      service: {
        port: await port(),
        program: path.join(installation, 'service.cjs'),
        node: process.execPath,
      },
      mesos: {
        program: path.join(installation, 'devmesos.cjs'),
        master_port: await port(),
        agents: [],
      },
      framework: {
        name: 'airflow',
        role: '*',
        user: os.userInfo().username,
        default_resources: { cpus: 1, mem: 128, disk: 0, gpus: 0 },
      },
      airflow: {
        deployment: randomUUID(),
        python,
        version: '3.3.2',
        port: await port(),
        dags_folder: temporary.path,
        env: { CITY: 'Köln' },
      },
    };
    for (let index = 1; index <= agents; index += 1) {
      const agent = { name: `agent-${index}`, port: await port(), cpus: 2, mem: 1024, disk: 1024 };
      spec.mesos.agents.push(agent);
    }
    const cluster = new ServiceCluster(temporary, userFolders({ MESOS_AIRFLOW_HOME: temporary.path }), spec);
    await cluster.writeSpec();
    return cluster;
  }

  async writeSpec(spec: EmbeddedSpec = this.spec): Promise<void> {
    await writePrivateFile(this.folder.spec, JSON.stringify(spec));
  }

  async known(): Promise<KnownCluster> {
    const cluster = await findCluster(name, this.folders);
    if (!cluster) throw new Error('the cluster has no folder');
    return cluster;
  }

  async start(): Promise<Connection> {
    return startService(await this.known(), { folders: this.folders });
  }

  /** As whoever notices that the service is dead does it. */
  async ensure(): Promise<Connection> {
    return ensureService(name, { folders: this.folders });
  }

  async ready(connection: Connection): Promise<ClusterView> {
    return until(
      async () => {
        const view = await connection.client.cluster();
        if (view.state === 'failed') throw new Error(`${view.problem ?? ''} ${JSON.stringify(view.parts)}`);
        return view.state === 'ready' ? view : undefined;
      },
      { limitMs: 30_000, everyMs: 50, what: 'the cluster' },
    );
  }

  /** Kills the service as a power cut would; its parts live on. */
  async killService(connection: Connection): Promise<void> {
    process.kill(connection.handshake.pid, 'SIGKILL');
    await until(async () => (await identify(connection.handshake.pid)) === undefined);
  }

  /** A file that the test and its tasks share. */
  file(named: string): string {
    return path.join(this.#temporary.path, named);
  }

  request(
    task: string,
    workload: Record<string, unknown> = {},
    more: Partial<TaskRequest> = {},
  ): TaskRequest {
    return {
      id: randomUUID(),
      key: { dag_id: 'wetter', run_id: 'manual__ä', task_id: task, map_index: -1, try_number: 1 },
      workload: { name: task, journal: this.file('journal'), ...workload },
      ...more,
    };
  }

  /** What each task that ran wrote down, once per process. */
  async journal(): Promise<{ name: string; pid: number; env: Record<string, string>; receipt: string }[]> {
    const lines = ((await readIfThere(this.file('journal'))) ?? '').split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Awaited<ReturnType<ServiceCluster['journal']>>[number]);
  }

  /** As Airflow's executor calls the service. */
  async asAirflow(
    method: 'GET' | 'POST',
    below: string,
    body?: unknown,
  ): Promise<{ status: number; text: string; json: unknown }> {
    const token = await secretIn(path.join(this.folder.secrets, secretFiles.airflow));
    const { port } = this.spec.service;
    const response = await fetch(
      `http://127.0.0.1:${port}/v1/deployments/${this.spec.airflow.deployment}/${below}`,
      {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
  }

  async partPids(): Promise<Map<string, number>> {
    const text = await readIfThere(this.folder.parts);
    if (text === undefined) return new Map();
    return new Map(recordedParts.parse(JSON.parse(text)).parts.map((part) => [part.name, part.pid]));
  }

  /** Ends what is left, whatever the test did, and takes the folders away. */
  async remove(): Promise<void> {
    const { runtime } = await this.known();
    if (runtime) await endProcess({ pid: runtime.pid, started: runtime.started }, 3000);
    const text = await readIfThere(this.folder.parts);
    const left = text === undefined ? [] : recordedParts.parse(JSON.parse(text)).parts;
    for (const part of left.reverse()) await endProcess(part, 3000);
    if (this.#homeBefore === undefined) delete process.env.MESOS_AIRFLOW_HOME;
    else process.env.MESOS_AIRFLOW_HOME = this.#homeBefore;
    await this.#temporary.remove();
  }
}
