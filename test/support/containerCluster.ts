import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TaskRequest } from '../../src/api/airflow.ts';
import { secretFiles, type ContainerRuntime, type DockerSpec } from '../../src/api/cluster.ts';
import { protocolVersion } from '../../src/api/common.ts';
import type { ClusterView, PartView } from '../../src/api/people.ts';
import { connect, findCluster, type Connection, type KnownCluster } from '../../src/client/discover.ts';
import { writePrivateFile } from '../../src/host/files.ts';
import {
  clusterFolder,
  clusterFolderAt,
  userFolders,
  type ClusterFolder,
  type UserFolders,
} from '../../src/host/folders.ts';
import { choosePort } from '../../src/host/ports.ts';
import { bundle, fixture } from './bundles.ts';
import { temporaryFolder } from './temporary.ts';
import { until } from './until.ts';

const name = 'boxed';
const agents = ['agent-1', 'agent-2'];

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

/**
 * A service with the spec of a cluster in Docker, and its parts as processes on loopback: to the service a container is
 * an address. The test is in the place of Docker: it starts the parts, and starts them again.
 */
export class ContainerCluster {
  readonly folders: UserFolders;
  /** As the person's machine has it. */
  readonly folder: ClusterFolder;
  /** As the service's volume has it. */
  readonly volume: ClusterFolder;
  readonly spec: DockerSpec;
  readonly #temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  readonly #programs: ReadonlyMap<string, Program>;
  readonly #running = new Map<string, ChildProcess>();
  #output = '';

  private constructor(
    temporary: Awaited<ReturnType<typeof temporaryFolder>>,
    spec: DockerSpec,
    programs: ReadonlyMap<string, Program>,
  ) {
    this.#temporary = temporary;
    this.folders = userFolders({ MESOS_AIRFLOW_HOME: temporary.path });
    this.folder = clusterFolder(this.folders, name);
    this.volume = clusterFolderAt(path.join(temporary.path, 'volume'));
    this.spec = spec;
    this.#programs = programs;
  }

  static async make(change: (spec: DockerSpec) => void = () => undefined): Promise<ContainerCluster> {
    const temporary = await temporaryFolder('containers');
    const at = (...parts: string[]): string => path.join(temporary.path, ...parts);
    await bundle(['service', 'devmesos'], at('installation'));
    const script = await fs.readFile(fixture('service', 'interpreter.cjs'), 'utf8');
    await fs.writeFile(at('python'), `#!${process.execPath}\n${script}`, { mode: 0o755 });
    const taken = new Set<number>();
    const port = async (): Promise<number> => {
      const chosen = await choosePort(0, taken);
      taken.add(chosen);
      return chosen;
    };
    const ports = {
      master: await port(),
      agents: [await port(), await port()],
      database: await port(),
      api: await port(),
      service: await port(),
    };
    const spec = specOf(temporary.path, ports);
    change(spec);
    const cluster = new ContainerCluster(temporary, spec, programsOf(temporary.path, ports));
    await cluster.#writeFiles();
    return cluster;
  }

  /** Starts a part, as Docker starts its container. */
  start(part: string): void {
    const program = this.#programs.get(part);
    if (!program) throw new Error(`no program for ${part}`);
    const child = spawn(program.command, program.args, {
      env: { PATH: process.env.PATH, ...program.env },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    this.#running.set(part, child);
  }

  /** Kills a part, as a crash does. */
  async kill(part: string): Promise<void> {
    const child = this.#running.get(part);
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts every part that is a process, and the service. */
  async startAll(): Promise<Connection> {
    for (const part of this.#programs.keys()) this.start(part);
    return this.startService();
  }

  /** Starts the service, and connects as a client on the person's machine does. */
  async startService(): Promise<Connection> {
    const service = this.runService();
    return until(
      async () => {
        if (service.exitCode !== null) throw new Error(`the service ended: ${this.#output}`);
        return connect(await this.known());
      },
      { limitMs: 40_000, what: 'the service' },
    );
  }

  runService(): ChildProcess {
    const child = spawn(
      process.execPath,
      [path.join(this.#temporary.path, 'installation', 'service.cjs'), '--cluster', this.volume.root],
      { env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.#running.set('service', child);
    return child;
  }

  get service(): ChildProcess {
    const service = this.#running.get('service');
    if (!service) throw new Error('no service was started');
    return service;
  }

  /** All that services of this cluster have said. */
  get output(): string {
    return this.#output;
  }

  async known(): Promise<KnownCluster> {
    const cluster = await findCluster(name, this.folders);
    if (!cluster) throw new Error('the cluster has no folder');
    return cluster;
  }

  async ready({ client }: Connection): Promise<ClusterView> {
    return until(
      async () => {
        const view = await client.cluster();
        return view.state === 'ready' ? view : undefined;
      },
      { limitMs: 30_000, everyMs: 50, what: 'the cluster' },
    );
  }

  async part({ client }: Connection, part: string): Promise<PartView> {
    const found = (await client.cluster()).parts.find((one) => one.name === part);
    if (!found) throw new Error(`no part ${part}`);
    return found;
  }

  /** What the api-server says of a component: when it beat last; null: at each question. */
  async beat(component: string, at: number | null): Promise<void> {
    const file = this.file(`beat-${component}`);
    if (at === null) await fs.rm(file, { force: true });
    else await fs.writeFile(file, new Date(at).toISOString());
  }

  file(named: string): string {
    return path.join(this.#temporary.path, named);
  }

  request(task: string, workload: Record<string, unknown> = {}): TaskRequest {
    return {
      id: randomUUID(),
      key: { dag_id: 'wetter', run_id: 'manual__ä', task_id: task, map_index: -1, try_number: 1 },
      workload: { name: task, journal: this.file('journal'), ...workload },
    };
  }

  /** As Airflow's executor calls the service, by its name on the cluster's network. */
  async submit(...tasks: TaskRequest[]): Promise<void> {
    const token = (await fs.readFile(path.join(this.volume.secrets, secretFiles.airflow), 'utf8')).trim();
    const url = `${this.spec.service.url}/v1/deployments/${this.spec.airflow.deployment}/tasks`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ tasks }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }

  /** Ends what is left, whatever the test did. */
  async remove(): Promise<void> {
    for (const part of [...this.#running.keys()].reverse()) {
      const child = this.#running.get(part);
      if (child?.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(force);
    }
    await this.#temporary.remove();
  }

  /** What the engine puts into the volumes, and what it keeps on the person's machine. */
  async #writeFiles(): Promise<void> {
    const secret = (): string => randomBytes(32).toString('base64url');
    const admin = secret();
    const login = `mesos-airflow ${secret()}`;
    const given: [string, string][] = [
      [this.volume.spec, JSON.stringify(this.spec)],
      [path.join(this.volume.secrets, secretFiles.admin), `${admin}\n`],
      [path.join(this.volume.secrets, secretFiles.airflow), `${secret()}\n`],
      [path.join(this.volume.secrets, secretFiles.mesosCredentials), `${login}\n`],
      [path.join(this.volume.secrets, 'airflow-admin.password'), 'a-password\n'],
      [this.file('mesos/credentials'), `${login}\n`],
      [this.file('mesos/secret'), `${secret()}\n`],
      [this.folder.spec, JSON.stringify(this.spec)],
      [path.join(this.folder.secrets, secretFiles.admin), `${admin}\n`],
    ];
    for (const [file, content] of given) await writePrivateFile(file, content);
    const runtime: ContainerRuntime = {
      protocol: protocolVersion,
      version: '1',
      url: `http://127.0.0.1:${this.spec.service.port}`,
      container: `airflow-on-mesos-${name}-service`,
    };
    await writePrivateFile(this.folder.runtime, JSON.stringify(runtime));
  }
}

interface Ports {
  readonly master: number;
  readonly agents: readonly number[];
  readonly database: number;
  readonly api: number;
  readonly service: number;
}

function specOf(folder: string, ports: Ports): DockerSpec {
  const health = (port: number): string => `http://127.0.0.1:${port}/health`;
  const container = (part: string): string => `airflow-on-mesos-${name}-${part}`;
  const checks: [string, DockerSpec['parts'][number]['check']][] = [
    ['database', { kind: 'tcp', host: '127.0.0.1', port: ports.database }],
    ['mesos-master', { kind: 'http', url: health(ports.master) }],
    ...agents.map((agent, index): [string, DockerSpec['parts'][number]['check']] => [
      agent,
      { kind: 'http', url: health(ports.agents[index] ?? 0) },
    ]),
    ...['api-server', 'scheduler', 'dag-processor', 'triggerer'].map(
      (component): [string, DockerSpec['parts'][number]['check']] => [
        component,
        { kind: 'airflow', component },
      ],
    ),
  ];
  return {
    format: 1,
    name,
    engine: 'docker',
    created: Date.now(),
    service: {
      port: ports.service,
      url: `http://127.0.0.1:${ports.service}`,
      listen: ports.service,
      image: 'mesos-airflow/mesos:test',
    },
    mesos: {
      distribution: 'dev',
      why: 'a test has no registry',
      preset: null,
      master_port: ports.master,
      master_url: `http://127.0.0.1:${ports.master}`,
      agents: agents.map((agent) => ({ name: agent, cpus: 2, mem: 1024, disk: 1024 })),
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: os.userInfo().username,
      default_resources: { cpus: 1, mem: 128, disk: 0, gpus: 0 },
    },
    tasks: {
      run_in: 'agent',
      image: 'mesos-airflow/airflow:test',
      network: container('network'),
      python: path.join(folder, 'python'),
      python_path: folder,
      dags_folder: folder,
    },
    airflow: {
      deployment: randomUUID(),
      python: path.join(folder, 'python'),
      version: '3.3.2',
      port: ports.api,
      dags_folder: folder,
      env: { CITY: 'Köln', HTTP_PROXY: 'http://proxy.example:3128' },
      url: `http://127.0.0.1:${ports.api}`,
      image: 'mesos-airflow/airflow:test',
    },
    parts: checks.map(([part, check]) => ({ name: part, container: container(part), check })),
  };
}

function programsOf(folder: string, ports: Ports): Map<string, Program> {
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  const mesos = (args: readonly string[], port: number, work: string): Program => ({
    command: process.execPath,
    args: [
      ...[at('installation', 'devmesos.cjs'), ...args, '--port', String(port), '--work-dir', at(work)],
      ...['--secret-file', at('mesos/secret'), '--credentials', at('mesos/credentials')],
    ],
  });
  const master = `http://127.0.0.1:${ports.master}`;
  const listen = `require('net').createServer((s) => s.on('error', () => {}).resume()).listen(${ports.database}, '127.0.0.1')`;
  return new Map<string, Program>([
    ['database', { command: process.execPath, args: ['-e', listen] }],
    ['mesos-master', mesos(['master'], ports.master, 'mesos/master')],
    ...agents.map((agent, index): [string, Program] => [
      agent,
      mesos(
        [
          ...['agent', '--name', agent, '--master', master],
          ...['--resources', 'cpus:2;mem:1024;disk:1024', '--attributes', `name:${agent}`],
        ],
        ports.agents[index] ?? 0,
        `mesos/${agent}`,
      ),
    ]),
    [
      'api-server',
      {
        command: at('python'),
        args: ['-m', 'airflow_mesos.component', 'api-server'],
        env: { AIRFLOW__API__PORT: String(ports.api), BEATS: folder },
      },
    ],
  ]);
}
