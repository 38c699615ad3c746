import { inside, partNames } from '../inside.ts';
import type { AgentRequest } from './plan.ts';

/** Flags of Apache Mesos by name, as its configuration documents them; a variable is `MESOS_` and the name in capitals. */
export type MesosFlags = Readonly<Record<string, string>>;

/** The login that frameworks, agents, readers and writers share with the dev Mesos: a line `principal secret`. */
const credentials = `${inside.mesos}/mesos.credentials`;

/** Below the volume of Apache's master. */
export const masterWork = '/var/lib/mesos-master';

/** A master without ZooKeeper: its registry is a log on its volume, so that it knows its agents after a restart. */
export function masterFlags(cluster: string): MesosFlags {
  return {
    port: String(inside.ports.master),
    hostname: partNames.master,
    hostname_lookup: 'false',
    cluster,
    work_dir: masterWork,
    registry: 'replicated_log',
    // Whoever reaches a master can run commands on its agents: nobody without a login. /health stays open.
    credentials,
    authenticate_agents: 'true',
    authenticate_frameworks: 'true',
    authenticate_http_frameworks: 'true',
    http_framework_authenticators: 'basic',
    authenticate_http_readonly: 'true',
    authenticate_http_readwrite: 'true',
  };
}

export interface AgentFlagsOptions {
  readonly tasks: 'agent' | 'container';
  readonly isolation: 'cgroups' | 'posix';
  /** Where the master is, from the agent: `host:port`. */
  readonly master: string;
  /** From 1: no two agents offer the same ports. */
  readonly number: number;
}

/** How many ports of each agent tasks may ask for. */
const portsEach = 100;
const firstPort = 31_000;

/**
 * An agent's flags. Neither address is set: Mesos takes the one that the container's host name stands for in /etc/hosts,
 * which is its address on the cluster's network.
 */
export function agentFlags(agent: AgentRequest, options: AgentFlagsOptions): MesosFlags {
  const begin = firstPort + (options.number - 1) * portsEach;
  const resources = [
    `cpus:${agent.cpus}`,
    `mem:${agent.mem}`,
    `disk:${agent.disk}`,
    `ports:[${begin}-${begin + portsEach - 1}]`,
  ];
  return {
    port: String(inside.ports.agent),
    master: options.master,
    hostname: agent.name,
    hostname_lookup: 'false',
    work_dir: agent.workDir,
    resources: resources.join(';'),
    attributes: `name:${agent.name}`,
    // Tasks run as the framework's user, who can't read the agent's secrets.
    switch_user: 'true',
    // A first task may have to wait for an image.
    executor_registration_timeout: '5mins',
    // There is no systemd in the container to hand tasks to.
    systemd_enable_support: 'false',
    ...(options.tasks === 'container'
      ? { containerizers: 'docker,mesos', docker_socket: '/var/run/docker.sock' }
      : { containerizers: 'mesos' }),
    ...(options.isolation === 'cgroups'
      ? { launcher: 'linux', isolation: 'cgroups/cpu,cgroups/mem' }
      : { launcher: 'posix', isolation: 'posix/cpu,posix/mem' }),
    credential: credentials,
    http_credentials: credentials,
    authenticate_http_readonly: 'true',
    authenticate_http_readwrite: 'true',
  };
}

export function variables(flags: MesosFlags): Record<string, string> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [`MESOS_${name.toUpperCase()}`, value]),
  );
}
