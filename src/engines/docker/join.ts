import type { ClusterView } from '../../api/people.ts';
import { isUp, partOf, type FoundCluster } from './found.ts';
import type { Phases } from '../phases.ts';
import { connectInDocker } from './connect.ts';
import { startContainer } from './containers.ts';
import { followParts } from './followParts.ts';
import { partNames } from './inside.ts';
import type { DockerSettings } from './settings.ts';
import { differences } from './spec.ts';
import { together } from './together.ts';
import type { UpOptions } from './up.ts';

/** Whether it is whole and its service runs: then what else of it does not run is only started. */
export function canBeJoined(found: FoundCluster): boolean {
  const service = partOf(found, partNames.service);
  if (!service || !isUp(service) || !found.spec) return false;
  const names = new Set(found.containers.map(({ name }) => name));
  return found.spec.parts.every(({ container }) => names.has(container));
}

/** Follows a running cluster until it is ready; names what was asked for and is otherwise in it. */
export async function join(
  found: FoundCluster,
  settings: DockerSettings,
  { engine, folders }: UpOptions,
  phases: Phases,
  signal: AbortSignal,
): Promise<ClusterView> {
  phases.notice(`${found.name} is up already: joined.`);
  const down = found.containers.filter((container) => !isUp(container));
  if (down.length > 0) {
    phases.notice(`Not running, and started again: ${down.map(({ part }) => part).join(', ')}.`);
    await together(
      down.map(({ id, part, published }) => startContainer(engine.docker.getContainer(id), part, published)),
    );
  }
  const label = partOf(found, partNames.service)?.settings;
  for (const difference of found.spec ? differences(settings, found.spec, label) : []) {
    phases.notice(`${difference} To change it: mesos-airflow down, then up again.`);
  }
  const connection = await connectInDocker(engine, found.name, folders, signal);
  return followParts(engine, connection, folders, phases, signal);
}
