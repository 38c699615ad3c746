import type { DockerSpec } from '../../api/cluster.ts';
import { listClusters } from '../../client/discover.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import type { UserFolders } from '../../host/folders.ts';
import type { PortClaims } from '../portClaims.ts';
import { choosePorts, portsOf, type ChosenPorts } from '../ports.ts';
import { findClusters, isUp, type FoundCluster } from './found.ts';

/**
 * Chooses a cluster's ports on 127.0.0.1: as it had them before, where they are free or its own containers have them. Those
 * of other clusters that are up are left to them, also while one of theirs is just started again.
 */
export async function choosePublished(
  engine: DockerEngine,
  found: FoundCluster,
  before: DockerSpec | undefined,
  folders: UserFolders,
  claims: PortClaims,
  signal: AbortSignal,
): Promise<ChosenPorts> {
  const own = new Set(found.containers.filter(isUp).flatMap(({ published }) => published));
  const reserved = await portsOfOthers(engine, found.name, folders, signal);
  return choosePorts(0, before, reserved, async (wanted, taken) =>
    own.has(wanted) && !taken.has(wanted) ? wanted : claims.choose(wanted, taken),
  );
}

async function portsOfOthers(
  engine: DockerEngine,
  name: string,
  folders: UserFolders,
  signal: AbortSignal,
): Promise<Set<number>> {
  const [known, found] = await Promise.all([listClusters(folders), findClusters(engine, signal)]);
  const here = known.filter(
    (each) => each.name !== name && (each.state === 'running' || each.state === 'dead'),
  );
  const there = found.filter((each) => each.name !== name && each.containers.some(isUp));
  return new Set([...here, ...there].flatMap(({ spec }) => (spec ? portsOf(spec) : [])));
}
