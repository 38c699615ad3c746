import type { HostConfig } from 'dockerode';
import type { Resource } from '../../../mesos/types.ts';
import { RunOptionsError } from './errors.ts';

/** A port of the machine that leads into a container. */
export interface PortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string;
}

export interface PublishedPorts {
  readonly exposed: Record<string, object>;
  readonly bindings: HostConfig['PortBindings'];
}

/** Ports of the machine must be among the task's resources. They are published on loopback only: it's a developer's machine. */
export function publishedPorts(
  mappings: readonly PortMapping[],
  network: string,
  resources: readonly Resource[],
): PublishedPorts {
  if (mappings.length > 0 && (network === 'host' || network === 'none')) {
    throw new RunOptionsError('Port mappings are only supported for bridge and user-defined networks');
  }
  const own = resources.filter(({ name }) => name === 'ports').flatMap(({ ranges }) => ranges?.range ?? []);
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { host_port: port, container_port: inside, protocol = 'tcp' } of mappings) {
    if (!own.some(({ begin, end }) => port >= begin && port <= end)) {
      throw new RunOptionsError(`Port [${port}] not included in resources`);
    }
    (bindings[`${inside}/${protocol}`] ??= []).push({ HostIp: '127.0.0.1', HostPort: String(port) });
  }
  return { bindings, exposed: Object.fromEntries(Object.keys(bindings).map((port) => [port, {}])) };
}
