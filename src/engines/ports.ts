import type { ClusterSpec } from '../api/cluster.ts';

/** The ports that are asked for first: Mesos' own customary ones, Airflow's, and one for the service. */
export const wantedPorts = { master: 5050, agent: 5051, airflow: 8080, service: 7411 } as const;

export interface ClusterPorts {
  readonly service: number;
  readonly master: number;
  readonly airflow: number;
  /** By agent, in order. */
  readonly agents: readonly number[];
}

export interface ChosenPorts {
  readonly ports: ClusterPorts;
  /** A sentence for each port that a person may expect and that another program has. */
  readonly notices: readonly string[];
}

/**
 * Chooses a cluster's ports: those that it had before where they are free, else the wanted ones, else others, which are
 * named in `notices`. `reserved`: ports of other clusters, which may be free for a moment while a part is started again.
 * `choose` finds a free port at or near the one given, beside the taken ones.
 */
export async function choosePorts(
  agents: number,
  before: ClusterSpec | undefined,
  reserved: ReadonlySet<number>,
  choose: (wanted: number, taken: ReadonlySet<number>) => Promise<number>,
): Promise<ChosenPorts> {
  const taken = new Set(reserved);
  const notices: string[] = [];
  const take = async (wanted: number, what?: string): Promise<number> => {
    const port = await choose(wanted, taken);
    taken.add(port);
    if (what && port !== wanted) notices.push(`Port ${wanted} is in use: ${what} takes ${port}.`);
    return port;
  };
  const master = await take(before?.mesos.master_port ?? wantedPorts.master, 'the Mesos master');
  const airflow = await take(before?.airflow.port ?? wantedPorts.airflow, 'Airflow');
  const service = await take(before?.service.port ?? wantedPorts.service);
  const agentsBefore = before ? agentPorts(before) : [];
  const ports: number[] = [];
  for (let index = 0; index < agents; index += 1) {
    ports.push(await take(agentsBefore[index] ?? wantedPorts.agent + index));
  }
  return { ports: { service, master, airflow, agents: ports }, notices };
}

/** All ports of a cluster. */
export function portsOf(spec: ClusterSpec): number[] {
  const { service, mesos, airflow } = spec;
  return [service.port, mesos.master_port, airflow.port, ...agentPorts(spec)];
}

/** In Docker, agents are reached on the cluster's network alone. */
function agentPorts(spec: ClusterSpec): number[] {
  return spec.engine === 'embedded' ? spec.mesos.agents.map(({ port }) => port) : [];
}
