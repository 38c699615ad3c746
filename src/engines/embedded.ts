import fs from 'node:fs/promises';
import { findCluster } from '../client/discover.ts';
import { clusterFolder, type UserFolders } from '../host/folders.ts';
import { checkName, checkSettings } from './settings.ts';
import type { Engine, UpRequest, UpResult, Watch } from './engine.ts';
import { endCluster, killCluster } from './embeddedDown.ts';
import { bringUp } from './embeddedUp.ts';
import type { ProgramFiles } from './program.ts';

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
}
