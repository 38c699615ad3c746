import fs from 'node:fs/promises';
import path from 'node:path';
import { findCluster, type Connection } from '../../client/discover.ts';
import { ensureService } from '../../client/start.ts';
import { ExplainedError } from '../../host/errors.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import { checkName, checkSettings } from '../settings.ts';
import { sizeBelow } from '../size.ts';
import type { Engine, Holdings, UpRequest, UpResult, Watch } from '../engine.ts';
import { followFile } from '../followFile.ts';
import { clustersOf, type ListedCluster } from '../list.ts';
import { endCluster, killCluster } from './down.ts';
import { leaveSupervisor } from './supervisor.ts';
import { bringUp } from './up.ts';
import type { ProgramFiles } from '../program.ts';

export interface EmbeddedOptions {
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  readonly env: NodeJS.ProcessEnv;
}

/** Everything on this machine, as processes of this user: dev Mesos, Airflow from a Python environment, SQLite. */
export class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  readonly capabilities = { startsMesos: true, startsAirflow: true };
  readonly #options: EmbeddedOptions;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
  }

  async up(request: UpRequest, watch: Watch): Promise<UpResult> {
    checkName(request.name);
    checkSettings(request.settings);
    return bringUp(request, this.#options, watch);
  }

  async down(name: string, watch: Watch): Promise<boolean> {
    return endCluster(checkName(name), this.#options.folders, watch);
  }

  async delete(name: string, watch: Watch): Promise<boolean> {
    const { folders } = this.#options;
    const cluster = await findCluster(checkName(name), folders);
    if (!cluster) return false;
    await endCluster(name, folders, watch);
    await fs.rm(clusterFolder(folders, name).root, { recursive: true, force: true, maxRetries: 5 });
    return true;
  }

  async kill(name: string): Promise<void> {
    await killCluster(checkName(name), this.#options.folders);
  }

  async list(): Promise<ListedCluster[]> {
    return (await clustersOf(this.#options.folders)).filter(({ engine }) => engine !== 'docker');
  }

  async holdings(name: string): Promise<Holdings | undefined> {
    const cluster = await findCluster(checkName(name), this.#options.folders);
    if (!cluster) return undefined;
    const megabytes = Math.ceil((await sizeBelow(cluster.folder.root)) / 2 ** 20);
    return {
      goes: [
        `${cluster.folder.root} (${megabytes} MB):`,
        'all DAG runs and their history, task logs and sandboxes, passwords and tokens',
      ],
      stays: ['Your DAG files and the Python environment stay.'],
    };
  }

  async connect(name: string, signal: AbortSignal): Promise<Connection> {
    return ensureService(checkName(name), { folders: this.#options.folders, signal });
  }

  async leave(name: string): Promise<void> {
    const cluster = await findCluster(checkName(name), this.#options.folders);
    if (cluster) await leaveSupervisor(cluster);
  }

  partLog(
    name: string,
    part: string,
    options: { lines: number; follow: boolean; signal: AbortSignal },
  ): AsyncIterable<string> {
    const { logs } = clusterFolder(this.#options.folders, checkName(name));
    if (!/^[a-z0-9-]+$/.test(part)) throw new ExplainedError(`No part is called ${JSON.stringify(part)}`);
    return followFile(path.join(logs, `${part}.log`), options);
  }
}
