import type Docker from 'dockerode';
import { dockerSpec, type DockerSpec } from '../../api/cluster.ts';
import type { DockerEngine } from '../../docker/engine.ts';
import { partNames } from './inside.ts';
import { labels } from './labels.ts';

/** A container of a cluster, as Docker lists it. */
export interface FoundContainer {
  readonly id: string;
  readonly name: string;
  readonly part: string;
  /** The digest of the plan that it was made from. */
  readonly plan: string | undefined;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** Of the service: what the person set of images and Mesos. */
  readonly settings: string | undefined;
  /** For people: `Exited (137) 2 minutes ago`. */
  readonly status: string;
  readonly image: string;
  readonly imageId: string;
  /** Its ports on this machine. */
  readonly published: readonly number[];
}

export interface FoundVolume {
  readonly name: string;
  readonly part: string;
  /** On the Docker Engine's host. */
  readonly mountpoint: string;
  /** The state folder of whoever made it; undefined of one that an older version made. */
  readonly home: string | undefined;
}

/** What Docker has of one cluster, by labels. */
export interface FoundCluster {
  readonly name: string;
  /** Those of parts. */
  readonly containers: readonly FoundContainer[];
  /** Those of tasks, which agents made. */
  readonly tasks: readonly FoundContainer[];
  readonly volumes: readonly FoundVolume[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
  /** By the label of the service's container; undefined where that is missing or not understood. */
  readonly spec: DockerSpec | undefined;
}

/** All clusters that this Docker Engine has anything of, by name; or the one of that name. */
export async function findClusters(
  engine: DockerEngine,
  signal: AbortSignal,
  name?: string,
): Promise<FoundCluster[]> {
  const filter = name === undefined ? labels.cluster : `${labels.cluster}=${name}`;
  const filters = { label: [filter] };
  const { docker } = engine;
  signal.throwIfAborted();
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters, abortSignal: signal }),
    docker.listVolumes({ filters, abortSignal: signal }),
    docker.listNetworks({ filters, abortSignal: signal }),
  ]);
  const names = new Set(
    [...containers, ...volumes.Volumes, ...networks]
      .map((thing) => clusterOf(thing.Labels))
      .filter((each) => each !== ''),
  );
  return [...names].sort().map((cluster) => {
    const own = containers.filter((container) => clusterOf(container.Labels) === cluster);
    const found = own.map(foundContainer);
    return {
      name: cluster,
      containers: found.filter(({ part }) => part !== taskPart),
      tasks: found.filter(({ part }) => part === taskPart),
      volumes: volumes.Volumes.filter((volume) => clusterOf(volume.Labels) === cluster).map((volume) => ({
        name: volume.Name,
        part: volume.Labels[labels.part] ?? '',
        mountpoint: volume.Mountpoint,
        home: volume.Labels[labels.home],
      })),
      networks: networks
        .filter((network) => clusterOf(network.Labels) === cluster)
        .map((network) => ({ id: network.Id, name: network.Name })),
      spec: specOf(own),
    };
  });
}

/** What Docker has of the cluster; empty where it has nothing. */
export async function findInDocker(
  engine: DockerEngine,
  name: string,
  signal: AbortSignal,
): Promise<FoundCluster> {
  const [found] = await findClusters(engine, signal, name);
  return found ?? { name, containers: [], tasks: [], volumes: [], networks: [], spec: undefined };
}

/** Whether Docker has anything of it. */
export function exists(found: FoundCluster): boolean {
  return [found.containers, found.tasks, found.volumes, found.networks].some((things) => things.length > 0);
}

export function partOf(found: FoundCluster, part: string): FoundContainer | undefined {
  return found.containers.find((container) => container.part === part);
}

/** Whether it runs, or Docker is about to start it again. */
export function isUp({ state }: FoundContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused';
}

/** The part that containers of tasks have. */
const taskPart = 'task';

function clusterOf(given: Readonly<Record<string, string>> | null | undefined): string {
  return given?.[labels.cluster] ?? '';
}

function foundContainer(info: Docker.ContainerInfo): FoundContainer {
  return {
    id: info.Id,
    name: (info.Names[0] ?? info.Id).replace(/^\//, ''),
    part: info.Labels[labels.part] ?? '',
    plan: info.Labels[labels.plan],
    settings: info.Labels[labels.settings],
    state: info.State as FoundContainer['state'],
    status: info.Status,
    image: info.Image,
    imageId: info.ImageID,
    published: info.Ports.filter((port) => port.IP === '127.0.0.1').map((port) => port.PublicPort),
  };
}

function specOf(containers: readonly Docker.ContainerInfo[]): DockerSpec | undefined {
  const service = containers.find((container) => container.Labels[labels.part] === partNames.service);
  const text = service?.Labels[labels.spec];
  return text === undefined ? undefined : readSpec(text);
}

/** Undefined where it is not as this version has it. */
export function readSpec(text: string): DockerSpec | undefined {
  try {
    const result = dockerSpec.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    // Not JSON: as good as not there.
    return undefined;
  }
}
