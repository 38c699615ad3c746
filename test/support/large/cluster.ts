import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import type { TaskRequest } from '../../../src/api/airflow.ts';
import { secretFiles, type ContainerRuntime, type DockerSpec } from '../../../src/api/cluster.ts';
import { protocolVersion } from '../../../src/api/common.ts';
import { connect, findCluster } from '../../../src/client/discover.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { openStore } from '../../../src/framework/store.ts';
import { writePrivateFile } from '../../../src/host/files.ts';
import { clusterFolder, clusterFolderAt, userFolders } from '../../../src/host/folders.ts';
import { choosePort } from '../../../src/host/ports.ts';
import { bundle } from '../bundles.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../until.ts';
import { SimulatedAirflow } from './airflow.ts';
import { fill } from './history.ts';
import { SimulatedMaster } from './master.ts';

export interface LargeOptions {
  readonly agents: number;
  /** Task runs that are over, in the store. */
  readonly taskRuns: number;
}

interface Parts {
  readonly temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  readonly master: SimulatedMaster;
  readonly airflow: SimulatedAirflow;
  readonly spec: DockerSpec;
  readonly airflowToken: string;
  readonly service: ChildProcess;
}

export const clusterName = 'large';

/**
 * A real service, as a process with the spec of a cluster in Docker, over a store that holds very many task runs; master
 * and Airflow are simulated here, so that what is measured is the service and its clients.
 */
export class LargeCluster {
  readonly #parts: Parts;
  #output = '';

  private constructor(parts: Parts) {
    this.#parts = parts;
    for (const stream of [parts.service.stdout, parts.service.stderr]) {
      stream?.on(
        'data',
        (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-10_000)),
      );
    }
  }

  static async start({ agents, taskRuns }: LargeOptions): Promise<LargeCluster> {
    const temporary = await temporaryFolder('large');
    const at = (...parts: string[]): string => path.join(temporary.path, ...parts);
    await bundle(['service'], at('installation'));
    const master = new SimulatedMaster(agents);
    const airflow = new SimulatedAirflow();
    const spec = specOf(temporary.path, await master.start(), await airflow.start(), await choosePort(0));
    const volume = clusterFolderAt(at('volume'));
    const host = clusterFolder(userFolders({ MESOS_AIRFLOW_HOME: temporary.path }), clusterName);
    const [admin, airflowToken] = [secret(), secret()];
    const runtime: ContainerRuntime = {
      ...{ protocol: protocolVersion, version: '1', url: spec.service.url, container: 'none' },
    };
    const files: [string, string][] = [
      [volume.spec, JSON.stringify(spec)],
      [path.join(volume.secrets, secretFiles.admin), admin],
      [path.join(volume.secrets, secretFiles.airflow), airflowToken],
      [path.join(volume.secrets, secretFiles.mesosCredentials), `mesos-airflow ${secret()}`],
      [path.join(volume.secrets, 'airflow-admin.password'), 'a-password'],
      [host.spec, JSON.stringify(spec)],
      [path.join(host.secrets, secretFiles.admin), admin],
      [host.runtime, JSON.stringify(runtime)],
    ];
    for (const [file, content] of files) await writePrivateFile(file, content);
    const store = openStore(volume.store, randomUUID);
    fill(store, airflow, { deployment: spec.airflow.deployment, agents, taskRuns });
    store.close();
    const service = spawn(process.execPath, [at('installation', 'service.cjs'), '--cluster', volume.root], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new LargeCluster({ temporary, master, airflow, spec, airflowToken, service });
  }

  /** MESOS_AIRFLOW_HOME of whoever looks for it. */
  get home(): string {
    return this.#parts.temporary.path;
  }

  get master(): SimulatedMaster {
    return this.#parts.master;
  }

  get airflow(): SimulatedAirflow {
    return this.#parts.airflow;
  }

  /** Of the service. */
  get pid(): number {
    return this.#parts.service.pid ?? 0;
  }

  /** Resolves once the framework is subscribed and all parts are ready. */
  async ready(): Promise<ServiceClient> {
    return until(
      async () => {
        if (this.#parts.service.exitCode !== null) throw new Error(`the service ended: ${this.#output}`);
        const cluster = await findCluster(clusterName, userFolders({ MESOS_AIRFLOW_HOME: this.home }));
        if (!cluster) return undefined;
        const { client } = await connect(cluster);
        return (await client.cluster()).state === 'ready' ? client : undefined;
      },
      { limitMs: 60_000, everyMs: 100, what: 'the service' },
    );
  }

  /** As Airflow's executor does. */
  async submit(tasks: readonly TaskRequest[]): Promise<void> {
    const { spec, airflowToken } = this.#parts;
    const answer = await fetch(`${spec.service.url}/v1/deployments/${spec.airflow.deployment}/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${airflowToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tasks }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  async stop(): Promise<void> {
    const { service, master, airflow, temporary } = this.#parts;
    if (service.exitCode === null) {
      const ended = once(service, 'exit');
      service.kill('SIGTERM');
      const force = setTimeout(() => service.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
    }
    master.stop();
    airflow.stop();
    await temporary.remove();
  }
}

function specOf(folder: string, master: number, airflow: number, service: number): DockerSpec {
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    format: 1,
    name: clusterName,
    engine: 'docker',
    created: Date.now(),
    service: { port: service, url: url(service), listen: service, image: 'none' },
    mesos: {
      ...{ distribution: 'dev', why: 'it is simulated', preset: null },
      ...{ master_port: master, master_url: url(master), agents: [] },
    },
    framework: {
      ...{ name: 'airflow', role: '*', user: 'airflow' },
      default_resources: { cpus: 1, mem: 128, disk: 0, gpus: 0 },
    },
    tasks: {
      ...{ run_in: 'agent', image: 'none', network: 'none', python: '/usr/bin/python3' },
      ...{ python_path: folder, dags_folder: folder },
    },
    airflow: {
      ...{ deployment: randomUUID(), python: '/usr/bin/python3', version: '3.3.2', port: airflow },
      ...{ dags_folder: folder, env: {}, url: url(airflow), image: 'none' },
    },
    parts: [
      { name: 'mesos-master', container: 'none', check: { kind: 'http', url: `${url(master)}/health` } },
      { name: 'api-server', container: 'none', check: { kind: 'airflow', component: 'api-server' } },
    ],
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
