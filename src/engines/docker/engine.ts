import type { Connection } from '../../client/discover.ts';
import { findDocker, type DockerEngine } from '../../docker/engine.ts';
import type { UserFolders } from '../../host/folders.ts';
import type {
  DeleteOptions,
  Engine,
  Holdings,
  Leftover,
  PartIncident,
  UpRequest,
  UpResult,
  Watch,
} from '../engine.ts';
import type { ListedCluster } from '../list.ts';
import type { ProgramFiles } from '../program.ts';
import { checkName, checkSettings } from '../settings.ts';
import { connectInDocker } from './connect.ts';
import { deleteCluster, holdingsOf } from './delete.ts';
import { killParts, stopCluster } from './down.ts';
import { partIncidents, reported } from './incidents.ts';
import { leftoversOf, removeLeftovers } from './leftovers.ts';
import { checkMemory, DockerTooSmall } from './limits.ts';
import { listInDocker } from './list.ts';
import { partLog } from './partLog.ts';
import { bringUp } from './up.ts';

export interface DockerOptions {
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  readonly env: NodeJS.ProcessEnv;
}

/** How long Docker may take to say what it is; on a machine that is starting much it takes its time. Milliseconds. */
const answerLimitMs = 20_000;

/**
 * Clusters as containers: Mesos master and agents, PostgreSQL, Airflow's components and the service. Docker keeps them
 * running; labels on them are the only state, so that every call works whatever became of this machine's own files.
 */
export class DockerClusters implements Engine {
  readonly name = 'docker';
  readonly capabilities = { startsMesos: true, startsAirflow: true };
  readonly #options: DockerOptions;
  #found: DockerEngine | undefined;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  async up(request: UpRequest, watch: Watch): Promise<UpResult> {
    checkName(request.name);
    checkSettings(request.settings);
    const engine = await this.#engine(watch.signal);
    return bringUp(request, { ...this.#options, engine }, watch);
  }

  async down(name: string, watch: Watch): Promise<boolean> {
    return stopCluster(await this.#engine(watch.signal), checkName(name), this.#options.folders, watch);
  }

  async delete(name: string, watch: Watch, options?: DeleteOptions): Promise<boolean> {
    const engine = await this.#engine(watch.signal);
    return deleteCluster(engine, checkName(name), this.#options.folders, watch, options);
  }

  async kill(name: string): Promise<void> {
    const engine = await this.#engine(new AbortController().signal);
    await killParts(engine, checkName(name), this.#options.folders);
  }

  async lack(signal: AbortSignal): Promise<string | undefined> {
    const { info } = await this.#engine(signal);
    try {
      checkMemory([], info.memoryMb);
      return undefined;
    } catch (error) {
      if (!(error instanceof DockerTooSmall)) throw error;
      return [error.message, error.why].filter((part) => part !== undefined).join(': ');
    }
  }

  async list(signal: AbortSignal): Promise<ListedCluster[]> {
    return listInDocker(await this.#engine(signal), this.#options.folders, signal);
  }

  async holdings(name: string, signal: AbortSignal, options?: DeleteOptions): Promise<Holdings | undefined> {
    return holdingsOf(await this.#engine(signal), checkName(name), this.#options.folders, signal, options);
  }

  async leftovers(gone: ReadonlySet<string>, signal: AbortSignal): Promise<Leftover[]> {
    return leftoversOf(await this.#engine(signal), gone, signal);
  }

  async removeLeftovers(signal: AbortSignal): Promise<number> {
    return removeLeftovers(await this.#engine(signal), signal);
  }

  async connect(name: string, signal: AbortSignal): Promise<Connection> {
    return connectInDocker(await this.#engine(signal), checkName(name), this.#options.folders, signal);
  }

  async *incidents(name: string, signal: AbortSignal): AsyncGenerator<PartIncident, void, undefined> {
    const engine = await this.#engine(signal);
    yield* reported(partIncidents(engine, checkName(name), signal), name, this.#options.folders, signal);
  }

  async *partLog(
    name: string,
    part: string,
    options: { lines: number; follow: boolean; signal: AbortSignal },
  ): AsyncGenerator<string, void, undefined> {
    const engine = await this.#engine(options.signal);
    yield* partLog(engine, this.#options.folders, checkName(name), part, options);
  }

  /** Looked for once: a command talks to the same Docker Engine from its beginning to its end. */
  async #engine(signal: AbortSignal): Promise<DockerEngine> {
    this.#found ??= await findDocker({ env: this.#options.env, signal, limitMs: answerLimitMs });
    return this.#found;
  }
}
