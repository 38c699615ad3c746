import fs from 'node:fs/promises';
import path from 'node:path';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { DockerClusters } from '../../../src/engines/docker/engine.ts';
import { findInDocker, type FoundCluster } from '../../../src/engines/docker/found.ts';
import type { DockerSettings } from '../../../src/engines/docker/settings.ts';
import type { UpRequest } from '../../../src/engines/engine.ts';
import type { ProgressEvent } from '../../../src/engines/phases.ts';
import type { ProgramFiles } from '../../../src/engines/program.ts';
import {
  clusterFolder,
  userFolders,
  type ClusterFolder,
  type UserFolders,
} from '../../../src/host/folders.ts';
import { bundle, projectRoot } from '../../support/bundles.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ensureBaseImages } from './baseImages.ts';

/** What tests give to `up`: twins of the base images, and a network of builds that reaches the package registries. */
export function testSettings(images: Awaited<ReturnType<typeof ensureBaseImages>>): DockerSettings {
  return {
    distribution: 'dev',
    pythonImage: images.python,
    nodeImage: images.node,
    databaseImage: images.database,
    buildNetwork: 'host',
  };
}

/** The program's files with bundles of the sources as they are now. The same sources make the same images. */
export async function programFromSources(folder: string): Promise<ProgramFiles> {
  await bundle(['service', 'devmesos'], folder);
  const airflow = path.join(projectRoot, 'cluster', 'airflow');
  return {
    bundles: folder,
    python: airflow,
    locks: path.join(airflow, 'locks'),
    images: path.join(projectRoot, 'cluster'),
    exampleDags: path.join(airflow, 'dags'),
    packageRoot: projectRoot,
  };
}

/** Clusters in the Docker Engine of this machine, with folders of their own. `remove` takes away all that they left. */
export class TestClusters {
  readonly home: string;
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  readonly docker: DockerEngine;
  readonly settings: DockerSettings;
  readonly #names = new Set<string>();
  readonly #removeHome: () => Promise<void>;

  private constructor(
    home: Awaited<ReturnType<typeof temporaryFolder>>,
    program: ProgramFiles,
    docker: DockerEngine,
    settings: DockerSettings,
  ) {
    this.home = home.path;
    this.#removeHome = home.remove;
    this.folders = userFolders(this.env);
    this.program = program;
    this.docker = docker;
    this.settings = settings;
  }

  static async make(): Promise<TestClusters> {
    const home = await temporaryFolder('docker');
    const images = await ensureBaseImages();
    const program = await programFromSources(path.join(home.path, 'program'));
    const docker = await findDocker({ env: process.env, signal: AbortSignal.timeout(10_000) });
    return new TestClusters(home, program, docker, testSettings(images));
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, MESOS_AIRFLOW_HOME: this.home };
  }

  /** A new one each time, as every command makes its own: nothing is kept in it. */
  engine(): DockerClusters {
    return new DockerClusters({ folders: this.folders, program: this.program, env: this.env });
  }

  folder(name: string): ClusterFolder {
    return clusterFolder(this.folders, name);
  }

  request(name: string, settings: DockerSettings = {}): UpRequest {
    this.#names.add(name);
    return { name, settings: { ...this.settings, ...settings }, workspace: this.home };
  }

  async found(name: string): Promise<FoundCluster> {
    return findInDocker(this.docker, name, new AbortController().signal);
  }

  /** The ends of all logs, for when something went wrong. */
  async logs(name: string, lines = 15): Promise<string> {
    const { containers } = await this.found(name);
    const ends = await Promise.all(
      containers.map(async ({ id, part, status }) => {
        const log = await this.docker.docker
          .getContainer(id)
          .logs({ stdout: true, stderr: true, tail: lines });
        return `── ${part} (${status})\n${log.toString()}`;
      }),
    );
    return ends.join('\n');
  }

  async remove(): Promise<void> {
    for (const name of this.#names) {
      await this.engine().delete(
        name,
        { progress: () => undefined, signal: new AbortController().signal },
        { keepImages: true },
      );
    }
    await fs.rm(this.home, { recursive: true, force: true });
    await this.#removeHome();
  }
}

/** Collects what a start tells, and can wait for a phase. */
export class Told {
  readonly events: ProgressEvent[] = [];
  readonly #listeners = new Set<(event: ProgressEvent) => void>();
  readonly progress = (event: ProgressEvent): void => {
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  };

  /** Calls it for each event from now on. */
  on(listener: (event: ProgressEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** The phases that ended, with their details, in the order of their ends. */
  get phases(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'phase' && event.state !== 'running'
        ? [`${event.phase} ${event.state}: ${event.detail} (${(event.elapsedMs / 1000).toFixed(1)} s)`]
        : [],
    );
  }

  get notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
  }
}
