import type { DockerSpec } from '../../api/cluster.ts';
import { connect, findCluster, listClusters } from '../../client/discover.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { messageOf } from '../../host/errors.ts';
import { clusterFolder, type UserFolders } from '../../host/folders.ts';
import type { ListedCluster } from '../list.ts';
import { findClusters, isUp, partOf, type FoundCluster } from './found.ts';
import { adopt, runtimeOf } from './hostCopy.ts';
import { partNames } from './inside.ts';
import { isBeingBroughtUp } from '../../client/startRecord.ts';

/** How long a service may take to say how its cluster is. Milliseconds. */
const askLimitMs = 5000;

/** All clusters that Docker has anything of, and those that only a folder of this machine tells of. */
export async function listInDocker(
  engine: DockerEngine,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<ListedCluster[]> {
  const found = await findClusters(engine, signal);
  const names = new Set(found.map(({ name }) => name));
  const known = await listClusters(folders);
  const lost = known.filter(({ name, spec }) => spec?.engine === 'docker' && !names.has(name));
  const mine = new Set(known.map(({ name }) => name));
  const listed = await Promise.all(
    found.map(async (cluster) => {
      const home = cluster.volumes.find((volume) => volume.home !== undefined)?.home;
      const elsewhere = home !== undefined && home !== folders.state && !mine.has(cluster.name);
      return elsewhere ? stateElsewhere(cluster, home) : stateOf(engine, cluster, folders, signal);
    }),
  );
  return [
    ...listed,
    ...lost.map(({ name, spec }) => ({
      ...stated(name, spec?.engine === 'docker' ? spec : undefined),
      state: 'stopped' as const,
      problem: `its containers were removed, or are on another Docker Engine than ${engine.endpoint.name}`,
    })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function stated(name: string, spec: DockerSpec | undefined): Omit<ListedCluster, 'state' | 'problem'> {
  return {
    name,
    engine: 'docker',
    agents: spec?.mesos.agents.length ?? null,
    airflow_url: spec ? `http://127.0.0.1:${spec.airflow.port}` : null,
    master_url: spec ? `http://127.0.0.1:${spec.mesos.master_port}` : null,
    dags_folder: spec?.airflow.dags_folder ?? null,
  };
}

/** Of a cluster that somebody else made: by its containers alone, because its token is theirs. */
function stateElsewhere(found: FoundCluster, home: string): ListedCluster {
  const down = found.containers.filter((container) => !isUp(container));
  return {
    ...stated(found.name, found.spec),
    state: down.length === found.containers.length ? 'stopped' : down.length > 0 ? 'degraded' : 'ready',
    problem: `made from ${home}; its service was not asked`,
    made_in: home,
  };
}

async function stateOf(
  engine: DockerEngine,
  found: FoundCluster,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<ListedCluster> {
  const about = stated(found.name, found.spec);
  const comesUp = await isBeingBroughtUp(clusterFolder(folders, found.name));
  const down = found.containers.filter((container) => !isUp(container));
  const service = partOf(found, partNames.service);
  if (down.length === found.containers.length) {
    return { ...about, state: comesUp ? 'starting' : 'stopped', problem: null };
  }
  if (!service || !found.spec) {
    const problem = service ? 'it was made by another version' : 'the start that made it was broken off';
    return { ...about, state: comesUp ? 'starting' : 'broken', problem: comesUp ? null : problem };
  }
  if (!isUp(service)) {
    if (comesUp) return { ...about, state: 'starting', problem: null };
    return { ...about, state: 'dead', problem: `its service does not run: ${service.status}` };
  }
  const said = await asked(engine, found, folders, signal);
  if (said.state !== 'ready' || down.length === 0) return { ...about, ...said };
  return { ...about, state: 'degraded', problem: `not running: ${down.map(({ part }) => part).join(', ')}` };
}

/** What its service says of it. */
async function asked(
  engine: DockerEngine,
  found: FoundCluster,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<Pick<ListedCluster, 'state' | 'problem'>> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(askLimitMs)]);
  try {
    const { spec } = await adopt(engine, found, folders);
    const cluster = await findCluster(found.name, folders);
    if (!cluster) throw new Error(`the folder of ${found.name} has vanished`);
    const container = { protocol: 1, version: '', ...runtimeOf(spec) };
    const { client } = await connect({ ...cluster, container, state: 'running' }, limit);
    const { state, problem } = await client.cluster({ signal: limit });
    return { state, problem };
  } catch (error) {
    if (await isBeingBroughtUp(clusterFolder(folders, found.name)))
      return { state: 'starting', problem: null };
    return { state: 'unreachable', problem: messageOf(error) };
  }
}
