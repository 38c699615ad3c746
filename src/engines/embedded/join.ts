import fs from 'node:fs';
import type { ClusterView } from '../../api/people.ts';
import type { KnownCluster } from '../../client/discover.ts';
import { ensureService } from '../../client/start.ts';
import type { UserFolders } from '../../host/folders.ts';
import type { UpRequest } from '../engine.ts';
import { followStart } from '../followStart.ts';
import type { Phases } from '../phases.ts';
import { livingParts } from './recordedParts.ts';
import { differences } from './spec.ts';

/** Whether it runs, or only its service has to be started again. */
export async function canBeJoined(cluster: KnownCluster): Promise<boolean> {
  if (cluster.state === 'running') return true;
  if (cluster.state !== 'dead' || cluster.spec?.engine !== 'embedded') return false;
  const { node, program } = cluster.spec.service;
  if (!fs.existsSync(node) || !fs.existsSync(program)) return false;
  return (await livingParts(cluster.folder)).length > 0;
}

/** Follows a cluster that someone else started until it is ready; names what was asked for and is otherwise in it. */
export async function join(
  cluster: KnownCluster,
  request: UpRequest,
  folders: UserFolders,
  phases: Phases,
  signal: AbortSignal,
): Promise<ClusterView> {
  phases.notice(
    cluster.state === 'dead'
      ? `The service of ${cluster.name} had ended by itself: it is started again.`
      : `${cluster.name} is up already: joined.`,
  );
  const connection = await ensureService(cluster.name, { folders, signal });
  const { spec } = connection.cluster;
  if (spec?.engine === 'embedded') {
    for (const difference of differences(request.settings, spec)) {
      phases.notice(`${difference} To change it: mesos-airflow down, then up again.`);
    }
  }
  return followStart(connection, phases, signal);
}
