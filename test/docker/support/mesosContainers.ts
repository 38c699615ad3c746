import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { DockerEngine } from '../../../src/docker/engine.ts';
import { putFiles } from '../../../src/docker/files.ts';
import { lastLogLines } from '../../../src/docker/logs.ts';
import { createOptions } from '../../../src/engines/docker/containerPlan.ts';
import { labels, resourceName } from '../../../src/engines/docker/labels.ts';
import type { MesosContainerPlan } from '../../../src/engines/docker/mesos/plan.ts';

/** The login of the Mesos that tests start. */
export const login = { principal: 'mesos-airflow', secret: 'a-word-of-the-tests' } as const;

/** A network with containers of Mesos on it, made from their plans as the engine makes them; all removed at the end. */
export class MesosContainers {
  readonly cluster = `mesos-test-${randomBytes(4).toString('hex')}`;
  readonly #engine: DockerEngine;
  readonly #containers = new Map<string, Docker.Container>();
  readonly #volumes = new Set<string>();

  private constructor(engine: DockerEngine) {
    this.#engine = engine;
  }

  static async make(engine: DockerEngine): Promise<MesosContainers> {
    const made = new MesosContainers(engine);
    await engine.docker.createNetwork({
      Name: resourceName(made.cluster, 'network'),
      Labels: { [labels.cluster]: made.cluster },
    });
    return made;
  }

  container(part: string): Docker.Container {
    const container = this.#containers.get(part);
    if (!container) throw new Error(`there is no ${part}`);
    return container;
  }

  /** Makes the container, not started; the login is on the volume of the secrets, for root alone. */
  async create(plan: MesosContainerPlan): Promise<Docker.Container> {
    const { ports, ...rest } = plan;
    const { Id: imageId } = await this.#engine.docker.getImage(plan.image).inspect();
    for (const mount of plan.mounts) {
      if (mount.kind === 'volume') this.#volumes.add(resourceName(this.cluster, mount.volume));
    }
    const options = createOptions(this.cluster, {
      ...rest,
      imageId,
      ports: ports.filter((port) => port === 5050).map((inside) => ({ inside, published: 0 })),
      limits: { memoryMb: 1024, processes: 1024 },
    });
    const container = await this.#engine.docker.createContainer(options);
    this.#containers.set(plan.part, container);
    const folder = '/etc/mesos-airflow';
    await putFiles(container, folder, [
      ...['mesos.credentials', 'mesos.secret'].map((name) => ({
        path: name,
        content: name === 'mesos.secret' ? 'shared by ours\n' : `${login.principal} ${login.secret}\n`,
        mode: 0o600,
        uid: 0,
        gid: 0,
      })),
    ]);
    for (const file of plan.files) {
      await putFiles(container, '/', [{ ...file, path: file.path.slice(1), uid: 0, gid: 0 }]);
    }
    return container;
  }

  async start(plan: MesosContainerPlan): Promise<Docker.Container> {
    const container = await this.create(plan);
    await container.start();
    return container;
  }

  /** Where the master is reached from here. */
  async masterUrl(): Promise<string> {
    const { NetworkSettings } = await this.container('mesos-master').inspect();
    const port = NetworkSettings.Ports['5050/tcp']?.[0]?.HostPort;
    if (port === undefined) throw new Error('the master publishes no port');
    return `http://127.0.0.1:${port}`;
  }

  /** What a container printed. */
  async log(part: string): Promise<string> {
    return (await lastLogLines(this.container(part), 200)).join('\n');
  }

  /** Runs a program in a container; gives its output and status. */
  async run(
    part: string,
    command: readonly string[],
    user = '0',
  ): Promise<{ output: string; status: number }> {
    const exec = await this.container(part).exec({
      Cmd: [...command],
      User: user,
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
    });
    const stream = await exec.start({ Tty: true });
    let output = '';
    for await (const chunk of Readable.from(stream)) output += String(chunk);
    const { ExitCode: status } = await exec.inspect();
    return { output: output.replaceAll('\r\n', '\n').trim(), status: status ?? -1 };
  }

  async remove(): Promise<void> {
    const { docker } = this.#engine;
    for (const container of this.#containers.values()) await container.remove({ force: true, v: true });
    for (const volume of this.#volumes) await docker.getVolume(volume).remove({ force: true });
    await docker.getNetwork(resourceName(this.cluster, 'network')).remove();
  }
}

/** The folder of DAGs that agents of tests mount. */
export const dagsFolder = path.resolve('cluster/airflow/dags');
