import { randomUUID } from 'node:crypto';
import type { Offer, TaskInfo } from '../../../src/mesos/types.ts';

/** Of a task; an agent of 4 cpus and 4 GiB takes forty at a time. */
const cpus = 0.1;
const mem = 32;

/** A task that runs `true`, on an offer's agent. */
export function trueTask({ agent_id }: Offer): TaskInfo {
  return {
    ...{ name: 'true', task_id: { value: randomUUID() }, agent_id },
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
    ],
    command: { value: 'true' },
  };
}

/** How many of them an offer has room for. */
export function roomFor({ resources = [] }: Offer): number {
  const amount = (name: string): number =>
    resources.filter((one) => one.name === name).reduce((sum, one) => sum + (one.scalar?.value ?? 0), 0);
  return Math.floor(Math.min(amount('cpus') / cpus, amount('mem') / mem) + 1e-6);
}
