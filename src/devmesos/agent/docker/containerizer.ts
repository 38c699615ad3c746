import { closeSync, chownSync, mkdirSync } from 'node:fs';
import type { Container, ContainerInspectInfo, ContainerCreateOptions } from 'dockerode';
import { ensureImage } from '../../../docker/pull.ts';
import type { DockerEngine } from '../../../docker/engine.ts';
import { daemonMessage } from '../../../docker/daemonError.ts';
import { ExplainedError, messageOf } from '../../../host/errors.ts';
import type { ContainerStatus, TaskInfo } from '../../../mesos/types.ts';
import { NotAvailableError, type Containerizer, type Launch } from '../containerizer.ts';
import { openOutputs } from '../outputs.ts';
import type { AgentState } from '../state.ts';
import { DockerConnection } from './connection.ts';
import { DockerContainer } from './container.ts';
import { removeLeftovers } from './leftovers.ts';
import { containerName, runOptions } from './runOptions.ts';
import { sandboxFolders } from './volumes.ts';

/** Runs tasks that have a ContainerInfo of type DOCKER, through the Docker Engine. */
export class DockerContainerizer implements Containerizer {
  readonly name = 'docker';
  readonly #state: AgentState;
  readonly #connection: DockerConnection;
  #cleanUp: Promise<void> | undefined;

  constructor(state: AgentState) {
    this.#state = state;
    this.#connection = new DockerConnection(state.options.dockerSocket);
  }

  takes({ container }: Pick<TaskInfo, 'container'>): boolean {
    return container?.type === 'DOCKER';
  }

  /** Without a Docker Engine it is made up for when there is one. */
  async recover(): Promise<void> {
    try {
      await this.#engine();
    } catch (error) {
      const later =
        error instanceof NotAvailableError ? 'tasks in Docker containers are refused until there is' : '';
      this.#state.log([messageOf(error), later].filter((part) => part !== '').join('; '));
    }
  }

  async launch(launch: Launch): Promise<void> {
    const { task, info, signal, report } = launch;
    const options = runOptions({
      info,
      agentId: this.#state.id?.value ?? '',
      frameworkId: task.framework.id.value,
      containerId: task.containerId,
      sandbox: task.sandbox,
    });
    const engine = await this.#engine();
    await this.#image(engine, launch);
    signal.throwIfAborted();
    const running = await this.#make(engine, launch, options);
    launch.started(running);
    report({ state: 'TASK_STARTING' });
    const about = await running.start();
    if (!about || running.isBeingKilled) return;
    task.networkInfos = networkInfosOf(info, about);
    report({ state: 'TASK_RUNNING', data: inspection(about) });
  }

  /** The Docker Engine, once what an earlier process left is gone. */
  async #engine(): Promise<DockerEngine> {
    const engine = await this.#connection.get();
    this.#cleanUp ??= this.#removeLeftovers(engine);
    try {
      await this.#cleanUp;
    } catch (error) {
      this.#cleanUp = undefined;
      throw error;
    }
    return engine;
  }

  async #removeLeftovers({ docker }: DockerEngine): Promise<void> {
    const { id, log } = this.#state;
    if (!id) return;
    for (const name of await removeLeftovers(docker, id.value))
      log(`container ${name} was left by an earlier agent: removed`);
  }

  async #image(engine: DockerEngine, { task, info, signal }: Launch): Promise<void> {
    const { image = '', force_pull_image: refresh = false } = info.container?.docker ?? {};
    try {
      await ensureImage(engine, image, { signal, refresh });
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof ExplainedError && error.why !== undefined ? `: ${error.why}` : '';
      this.#state.log(`task ${task.id.value}: ${messageOf(error)}${why}`);
      throw new Error(`Failed to pull image '${image}': ${messageOf(error)}${why}`, { cause: error });
    }
  }

  async #make(
    engine: DockerEngine,
    { task, info, user, signal, ended }: Launch,
    options: ContainerCreateOptions,
  ): Promise<DockerContainer> {
    for (const folder of sandboxFolders(info.container?.volumes ?? [], task.sandbox)) {
      mkdirSync(folder, { recursive: true });
      if (user) chownSync(folder, user.uid, user.gid);
    }
    const outputs = openOutputs(task.sandbox, user);
    let container: Container | undefined;
    try {
      container = await engine.docker.createContainer(options);
      signal.throwIfAborted();
      return new DockerContainer({
        container,
        outputs,
        clock: this.#state.clock,
        onEnd: (end) => {
          task.ending.abort();
          ended(end);
        },
        onProblem: (problem) => this.#state.log(`container ${containerName(task.containerId)}: ${problem}`),
      });
    } catch (error) {
      closeSync(outputs.stdout);
      closeSync(outputs.stderr);
      await container?.remove({ force: true, v: true });
      throw new Error(this.#refusal(error), { cause: error });
    }
  }

  #refusal(error: unknown): string {
    const message = `Failed to create docker container: ${daemonMessage(error)}`;
    const { workDir } = this.#state.options;
    if (!message.includes('bind source path does not exist') || !message.includes(workDir)) return message;
    return `${message} (the Docker Engine must see the agent's --work-dir under the same path)`;
  }
}

/** Undefined where it has the network of its machine, or none. */
function networkInfosOf(info: TaskInfo, about: ContainerInspectInfo): ContainerStatus['network_infos'] {
  const address = Object.values(about.NetworkSettings.Networks).find(
    ({ IPAddress }) => IPAddress !== '',
  )?.IPAddress;
  if (address === undefined) return undefined;
  const [wanted] = info.container?.network_infos ?? [];
  return [{ ...wanted, ip_addresses: [{ protocol: 'IPv4', ip_address: address }] }];
}

/** As `docker inspect` prints it, which a real agent sends along, but for the environment: that may hold secrets. */
function inspection(about: ContainerInspectInfo): string {
  const shown = [{ ...about, Config: { ...about.Config, Env: [] } }];
  return Buffer.from(JSON.stringify(shown)).toString('base64');
}
