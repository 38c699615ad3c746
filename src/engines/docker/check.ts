import { diskFree } from '../../docker/disk.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import type { DockerSpec } from '../../api/cluster.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import { checkDagsFolder, checkFolders } from '../checks.ts';
import type { ProgramFiles } from '../program.ts';
import { usualDagsFolder, workspaceOf } from '../workspace.ts';
import { keptExamples } from './exampleDags.ts';
import { checkMemory } from './limits.ts';
import type { DockerSettings } from './settings.ts';
import { agentsOf, type Agent } from './spec.ts';

/** Room on this machine for a cluster's tokens and the logs of failed starts, in megabytes. */
const hostDisk = 50;
/** Room in Docker for a cluster's database, logs and sandboxes, in megabytes. */
const clusterDisk = 500;
/** The same with the images to be pulled and built. */
const imagesDisk = 4000;

/** Too little space is free where Docker keeps images and volumes. */
export class DockerDiskTooSmall extends ExplainedError {
  override readonly name = 'DockerDiskTooSmall';
}

/** What was found of the Docker Engine and this machine. */
export interface Checked {
  readonly agents: readonly Agent[];
  readonly dagsFolder: string;
  /** The folder whose requirements.txt and .env count; undefined where the DAGs lie elsewhere. */
  readonly workspace: string | undefined;
  /** In a line, for a person. */
  readonly detail: string;
  /** Sentences for a person. */
  readonly notices: readonly string[];
}

export interface CheckOptions {
  readonly engine: DockerEngine;
  readonly settings: DockerSettings;
  readonly before: DockerSpec | undefined;
  /** The person's folder. */
  readonly workspace: string;
  readonly folders: UserFolders;
  readonly program: ProgramFiles;
  /** Whether the images of an earlier start are there. */
  readonly hasImages: boolean;
}

/** Looks whether this Docker Engine can carry the cluster. Throws an ExplainedError at the first lack. */
export async function checkDocker(options: CheckOptions): Promise<Checked> {
  const { before, engine, folders, settings } = options;
  const { info, endpoint } = engine;
  await checkFolders(folders, { state: hostDisk, cache: hostDisk });
  const dagsFolder = await dagsFolderOf(options);
  const agents = agentsOf(settings, before, info.memoryMb);
  const notices = checkMemory(agents, info.memoryMb);
  const free = await checkDisk(engine, options.hasImages ? clusterDisk : imagesDisk);
  const room = free === undefined ? '' : `, ${Math.floor(free / 1024)} GB free`;
  return {
    agents,
    dagsFolder,
    workspace: workspaceOf(dagsFolder, options.workspace),
    detail: `${info.provider} ${info.version} (${endpoint.name}), ${info.cpus} cpus, ${Math.floor(info.memoryMb / 1024)} GB of memory${room}`,
    notices,
  };
}

async function dagsFolderOf(options: CheckOptions): Promise<string> {
  const { before, folders, program, settings, workspace } = options;
  const wanted = settings.dagsFolder ?? before?.airflow.dags_folder;
  if (wanted !== undefined) return checkDagsFolder(wanted);
  const usual = usualDagsFolder(workspace, program.exampleDags);
  // An update of this program removes its folder, and a container that is started again would not find it.
  return usual === program.exampleDags ? keptExamples(usual, folders.cache) : checkDagsFolder(usual);
}

/** The megabytes that are free, where that can be known. */
async function checkDisk(engine: DockerEngine, needed: number): Promise<number | undefined> {
  const bytes = await diskFree(engine);
  if (bytes === undefined) return undefined;
  const free = Math.floor(bytes / 2 ** 20);
  if (free >= needed) return free;
  throw new DockerDiskTooSmall(`Too little disk space is free in ${engine.info.dataFolder}`, {
    why: `${free} MB are free, and about ${needed} MB are needed there for images and volumes`,
    next: 'Free some: docker system df shows what Docker uses, docker system prune removes what nobody uses.',
  });
}
