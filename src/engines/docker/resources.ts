import type { DockerEngine } from '../../docker/engine.ts';
import { daemonMessage } from '../../docker/daemonError.ts';
import type { ContainerPlan } from './containerPlan.ts';
import { DockerRefused, ResourceNameTaken } from './errors.ts';
import type { FoundCluster } from './found.ts';
import { networkName } from './inside.ts';
import { labels, resourceName } from './labels.ts';
import { together } from './together.ts';

/** Makes the cluster's network where there is none. */
export async function ensureNetwork(engine: DockerEngine, found: FoundCluster): Promise<void> {
  if (found.networks.length > 0) return;
  const name = resourceName(found.name, networkName);
  // Docker takes several networks of one name, and then none of them by that name.
  const same = await engine.docker.listNetworks({ filters: { name: [`^${name}$`] } });
  if (same.length > 0) throw new ResourceNameTaken('network', name, 'it lacks the label of the cluster');
  try {
    await engine.docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: { [labels.cluster]: found.name, [labels.part]: networkName },
    });
  } catch (error) {
    const why = daemonMessage(error);
    throw new DockerRefused(`Docker could not make a network`, {
      why,
      next: why.includes('address pool')
        ? 'Remove networks that nobody uses: docker network prune.'
        : 'Try again; where it stays so, restart Docker.',
      cause: error,
    });
  }
}

/** The parts whose volumes these containers mount. */
export function volumesOf(plans: readonly ContainerPlan[]): string[] {
  const mounts = plans.flatMap((plan) => plan.mounts);
  return [...new Set(mounts.flatMap((mount) => (mount.kind === 'volume' ? [mount.volume] : [])))];
}

/**
 * Makes the volumes that are missing. Returns where each lies on the Docker Engine's host, by its part.
 * @param home the state folder of whoever has the cluster made
 */
export async function ensureVolumes(
  engine: DockerEngine,
  found: FoundCluster,
  parts: readonly string[],
  home: string,
): Promise<Map<string, string>> {
  const places = await together(parts.map((part) => ensureVolume(engine, found, part, home)));
  return new Map(places);
}

async function ensureVolume(
  engine: DockerEngine,
  found: FoundCluster,
  part: string,
  home: string,
): Promise<[part: string, mountpoint: string]> {
  const there = found.volumes.find((volume) => volume.part === part);
  if (there) return [part, there.mountpoint];
  const name = resourceName(found.name, part);
  // An existing volume of that name is given back, with its own labels.
  await engine.docker.createVolume({
    Name: name,
    Labels: { [labels.cluster]: found.name, [labels.part]: part, [labels.home]: home },
  });
  const made = await engine.docker.getVolume(name).inspect();
  if ((made.Labels as Record<string, string> | null)?.[labels.cluster] !== found.name) {
    throw new ResourceNameTaken('volume', name, 'it lacks the label of the cluster');
  }
  return [part, made.Mountpoint];
}
