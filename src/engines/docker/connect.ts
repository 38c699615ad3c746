import type { Connection } from '../../client/discover.ts';
import { orUndefined } from '../../docker/daemonError.ts';
import { howItEnded } from '../../docker/ended.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { lastLogLines } from '../../docker/logs.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { UserFolders } from '../../host/folders.ts';
import { startContainer } from './containers.ts';
import { NoSuchDockerCluster } from './errors.ts';
import { exists, findInDocker, isUp, partOf, type FoundCluster, type FoundContainer } from './found.ts';
import { adopt } from './hostCopy.ts';
import { reportOf } from './incidents.ts';
import { partNames } from './inside.ts';
import { isGoingDown } from './lock.ts';
import { awaitService } from './service.ts';

/**
 * Connects to the service of a cluster in Docker: writes this machine's copy again where it is lost, starts the service's
 * container where that ended for good, and tells the service of parts that died meanwhile. Throws NoSuchDockerCluster, and
 * ExplainedError where the cluster was brought down or cannot be adopted.
 */
export async function connectInDocker(
  engine: DockerEngine,
  name: string,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<Connection> {
  const found = await findInDocker(engine, name, signal);
  if (!exists(found)) throw new NoSuchDockerCluster(name);
  if (!found.containers.some(isUp) || (await isGoingDown(name, folders))) {
    throw new ExplainedError(`The cluster “${name}” is not running`, { next: 'Start it: mesos-airflow up.' });
  }
  const { spec } = await adopt(engine, found, folders);
  const service = partOf(found, partNames.service);
  if (service && !isUp(service)) {
    await startContainer(engine.docker.getContainer(service.id), partNames.service, [spec.service.port]);
  }
  const connection = await awaitService(engine, spec, folders, signal);
  await tellDeaths(engine, found, connection);
  return connection;
}

/** Docker starts a dead container again; one that does not run was stopped, or could not be started. */
async function tellDeaths(engine: DockerEngine, found: FoundCluster, { client }: Connection): Promise<void> {
  const dead = found.containers.filter((each) => !isUp(each) && each.part !== partNames.service);
  await Promise.all(
    dead.map(async (each) => {
      const report = await deathOf(engine, each);
      if (report) await client.reportPart(each.part, reportOf(report));
    }),
  );
}

async function deathOf(engine: DockerEngine, { id, part }: FoundContainer) {
  const container = engine.docker.getContainer(id);
  const about = await orUndefined(container.inspect());
  if (!about || about.State.Running) return undefined;
  const at = Date.parse(about.State.FinishedAt);
  const detail = howItEnded(about.State, about.HostConfig.Memory);
  const lastLines = await lastLogLines(container, 12);
  return { part, state: 'exited' as const, detail, lastLines, at: Math.max(0, at) };
}
