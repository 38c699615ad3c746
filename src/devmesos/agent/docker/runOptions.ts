import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { CommandInfo, ContainerInfo, DockerInfo, TaskInfo } from '../../../mesos/types.ts';
import { Resources } from '../../resources.ts';
import { RunOptionsError } from './errors.ts';
import { taskLabels } from './labels.ts';
import { applyParameters, type Changeable } from './parameters.ts';
import { publishedPorts, type PortMapping } from './ports.ts';
import { mountsOf, sandboxInside, type TaskVolume } from './volumes.ts';

/** A ContainerInfo of type DOCKER, with the fields that only an agent reads. */
export type DockerContainerInfo = Omit<ContainerInfo, 'volumes'> & {
  readonly volumes?: readonly TaskVolume[];
  readonly docker: DockerInfo & { readonly port_mappings?: readonly PortMapping[] };
};

export interface RunParts {
  readonly info: TaskInfo;
  readonly agentId: string;
  readonly frameworkId: string;
  readonly containerId: string;
  readonly sandbox: string;
}

/** What runs no faster: Mesos' least shares, and its least memory (MiB). */
const leastShares = 2;
const leastMemory = 32;

/** As Mesos names them. */
export function containerName(containerId: string): string {
  return `mesos-${containerId}`;
}

/** A task's container as the Docker Engine is to make it. Throws RunOptionsError, with Mesos' words where it has some. */
export function runOptions(parts: RunParts): ContainerCreateOptions {
  const { info, containerId, sandbox } = parts;
  const container = dockerInfoOf(info);
  const { docker } = container;
  if (docker.privileged === true) throw new RunOptionsError('this development agent runs nothing privileged');
  const network = networkOf(container);
  const host: HostConfig = {
    NetworkMode: network,
    ...mountsOf(container.volumes ?? [], sandbox),
    ...limitsOf(Resources.of(info.resources)),
  };
  const create: ContainerCreateOptions = {
    name: containerName(containerId),
    Image: docker.image,
    ...commandOf(info.command ?? {}),
  };
  if (container.hostname !== undefined) {
    if (network === 'host') throw new RunOptionsError('Unable to set hostname with host network mode');
    create.Hostname = container.hostname;
  }
  const ports = publishedPorts(docker.port_mappings ?? [], network, info.resources ?? []);
  create.ExposedPorts = ports.exposed;
  host.PortBindings = ports.bindings as object;
  const changeable: Changeable = { env: environmentOf(parts), labels: new Map(), create, host };
  applyParameters(changeable, docker.parameters);
  return {
    ...create,
    Env: [...changeable.env].map(([name, value]) => `${name}=${value}`),
    Labels: { ...Object.fromEntries(changeable.labels), ...labelsOf(parts) },
    HostConfig: host,
  };
}

function dockerInfoOf({ container }: TaskInfo): DockerContainerInfo {
  if (!container?.docker) throw new RunOptionsError('No docker info found in container info');
  return container as DockerContainerInfo;
}

/** With a shell the image's entrypoint is left out; else value and arguments follow it. */
function commandOf(command: CommandInfo): Pick<ContainerCreateOptions, 'Cmd' | 'Entrypoint'> {
  const { shell = true, value, arguments: argv = [] } = command;
  if (shell) {
    if (value === undefined) throw new RunOptionsError('Shell specified but no command value provided');
    return { Entrypoint: ['/bin/sh'], Cmd: ['-c', value] };
  }
  const words = [...(value === undefined ? [] : [value]), ...argv];
  return words.length > 0 ? { Cmd: words } : {};
}

function networkOf({ docker, network_infos: infos = [] }: DockerContainerInfo): string {
  if (docker.network !== 'USER') return (docker.network ?? 'HOST').toLowerCase();
  if (infos.length === 0) throw new RunOptionsError('No network info found in container info');
  if (infos.length > 1) throw new RunOptionsError('Only a single network can be defined in Docker run');
  const name = infos[0]?.name;
  if (name === undefined) throw new RunOptionsError('No network name found in network info');
  return name;
}

/** What the command asks for, then what Mesos gives. */
function environmentOf({ info, containerId }: RunParts): Map<string, string> {
  const own = (info.command?.environment?.variables ?? []).map(
    ({ name, value }) => [name, value ?? ''] as const,
  );
  return new Map([
    ...own,
    ['MESOS_SANDBOX', sandboxInside],
    ['MESOS_CONTAINER_NAME', containerName(containerId)],
    ['MESOS_ALLOCATION_ROLE', info.resources?.[0]?.allocation_info?.role ?? '*'],
  ]);
}

function limitsOf(resources: Resources): HostConfig {
  const [cpus, mem] = [resources.scalar('cpus'), resources.scalar('mem')];
  return {
    ...(cpus > 0 ? { CpuShares: Math.max(Math.trunc(cpus * 1024), leastShares) } : {}),
    ...(mem > 0 ? { Memory: Math.trunc(Math.max(mem, leastMemory) * 2 ** 20) } : {}),
  };
}

function labelsOf({ agentId, frameworkId, info }: RunParts): Record<string, string> {
  return {
    [taskLabels.agent]: agentId,
    [taskLabels.framework]: frameworkId,
    [taskLabels.task]: info.task_id.value,
  };
}
