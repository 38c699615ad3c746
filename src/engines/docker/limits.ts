import { ExplainedError } from '../../host/errors.ts';
import { ranges } from '../settings.ts';

/** What Docker lets a container use; limits, not reservations. */
export interface Limits {
  /** In megabytes (2^20 bytes); Docker ends the container's hungriest process above it. */
  readonly memoryMb: number;
  /** Cores; without it all that there are. */
  readonly cpus?: number;
  /** Processes and threads. */
  readonly processes: number;
}

/** This Docker Engine has too little for what is asked of it. */
export class DockerTooSmall extends ExplainedError {
  override readonly name = 'DockerTooSmall';
}

/**
 * By part: three times what each uses in a small cluster, so that a leak in one ends that one and not the machine.
 * docs/docker.md tells them.
 */
const fixed: Readonly<Record<string, Limits>> = {
  database: { memoryMb: 1024, processes: 512 },
  'mesos-master': { memoryMb: 768, processes: 512 },
  service: { memoryMb: 1024, processes: 256 },
  'api-server': { memoryMb: 2048, processes: 1024 },
  scheduler: { memoryMb: 1536, processes: 1024 },
  'dag-processor': { memoryMb: 2048, processes: 1024 },
  triggerer: { memoryMb: 1536, processes: 1024 },
};

export function limitsOf(part: string): Limits {
  const limits = fixed[part];
  if (!limits) throw new Error(`no limits are known for ${part}`);
  return limits;
}

/** Of the agent itself, beside what its tasks were promised. */
const agentOverhead = { memoryMb: 512, cpus: 0.5 } as const;

export interface AgentSize {
  readonly cpus: number;
  readonly mem: number;
}

/**
 * An agent's limits: what it offers, and some for itself. Where tasks have containers of their own, Mesos limits those.
 * Docker takes no more cores than the machine has.
 */
export function agentLimits(agent: AgentSize, tasks: 'agent' | 'container', engineCpus: number): Limits {
  if (tasks === 'container') return { memoryMb: agentOverhead.memoryMb, processes: 1024 };
  const memoryMb = agent.mem + agentOverhead.memoryMb;
  return { memoryMb, cpus: Math.min(agent.cpus + agentOverhead.cpus, engineCpus), processes: 4096 };
}

/** Of a container that holds a master and an agent. */
export function togetherOf(...each: readonly (Limits | undefined)[]): Limits {
  const limits = each.filter((one) => one !== undefined);
  const cpus = limits.map((one) => one.cpus).find((one) => one !== undefined);
  return {
    memoryMb: limits.reduce((sum, one) => sum + one.memoryMb, 0),
    ...(cpus === undefined ? {} : { cpus }),
    processes: limits.reduce((sum, one) => sum + one.processes, 0),
  };
}

/** What everything but the agents uses in a small cluster, in megabytes. */
export const baseMemory = 2560;
/** The least that tasks are left with where nobody says how much an agent has. */
const leastAgentMemory = 512;

/** An agent's memory where nobody says how much: the usual, or what this Docker Engine can give to each. */
export function usualAgentMemory(engineMb: number, agents: number): number {
  const each = Math.floor((engineMb - baseMemory) / agents / 128) * 128;
  return Math.max(leastAgentMemory, Math.min(ranges.mem.usual, each));
}

/**
 * Checks what agents offer against what this Docker Engine has. Throws DockerTooSmall where it cannot be; returns sentences
 * for a person where it can be tight.
 */
export function checkMemory(agents: readonly AgentSize[], engineMb: number): string[] {
  if (engineMb < baseMemory) {
    throw new DockerTooSmall(`This Docker Engine has too little memory for a cluster`, {
      why: `it has ${gigabytes(engineMb)}, and Airflow, PostgreSQL and Mesos take about ${gigabytes(baseMemory)} before any task runs`,
      next: 'Give it more (in Docker Desktop: Settings, Resources), or use --engine embedded, which needs less.',
    });
  }
  const largest = Math.max(0, ...agents.map(({ mem }) => mem));
  if (largest > engineMb) {
    throw new DockerTooSmall(`An agent cannot offer ${gigabytes(largest)}`, {
      why: `this Docker Engine has ${gigabytes(engineMb)} in all`,
      next: `Choose less: --mem ${usualAgentMemory(engineMb, agents.length)}, or give Docker more memory.`,
    });
  }
  const offered = agents.reduce((sum, { mem }) => sum + mem, 0);
  if (offered + baseMemory <= engineMb) return [];
  return [
    `The agents offer ${gigabytes(offered)} together, and this Docker Engine has ${gigabytes(engineMb)} of which about ${gigabytes(baseMemory)} go to the rest: tasks that use all they are promised may be ended.`,
  ];
}

function gigabytes(megabytes: number): string {
  return `${Number((megabytes / 1024).toFixed(1))} GB`;
}
