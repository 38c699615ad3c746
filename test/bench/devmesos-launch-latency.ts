// How long one task takes on an idle dev Mesos from its ACCEPT to its TASK_RUNNING at the scheduler, TASK_STARTING and its
// acknowledgement between them.
import type { Offer } from '../../src/mesos/types.ts';
import { BenchScheduler } from '../support/devmesos/benchScheduler.ts';
import { withDevMesos } from '../support/devmesos/realCluster.ts';
import { trueTask } from '../support/devmesos/trueTask.ts';

const tasks = 200;
/** Not counted: the programs' first ones are slower. */
const warmUp = 20;

/** Value: milliseconds, median of 200 tasks, one at a time; the goal is 25. */
export async function run(): Promise<object> {
  const times = await withDevMesos({ agents: 2 }, ({ master }) => oneByOne(master.url));
  const sorted = times.slice(warmUp).sort((one, other) => one - other);
  const percentile = (part: number): number =>
    Math.round((sorted[Math.floor(sorted.length * part)] ?? NaN) * 10) / 10;
  return {
    ...{ name: 'devmesos-launch-latency', value: percentile(0.5), unit: 'ms', goal: 25 },
    ...{ ratio: null, ratios: [], p10: percentile(0.1), p95: percentile(0.95), max: percentile(1 - 1e-9) },
    ...{ tasks, agents: 2 },
  };
}

async function oneByOne(master: string): Promise<number[]> {
  const times: number[] = [];
  const offers: Offer[] = [];
  let current: string | undefined;
  let accepted = 0;
  let done: () => void = () => undefined;
  const allDone = new Promise<void>((resolve) => (done = resolve));
  const launchNext = (by: BenchScheduler): void => {
    const offer = current === undefined && times.length < tasks + warmUp ? offers.shift() : undefined;
    if (!offer) return;
    const task = trueTask(offer);
    current = task.task_id.value;
    accepted = performance.now();
    by.launch(offer, [task]);
  };
  const scheduler = await BenchScheduler.subscribe({
    ...{ master, name: 'launch-latency' },
    onOffers: (fresh, by) => {
      offers.push(...fresh);
      launchNext(by);
    },
    onUpdate: ({ task_id, state }, by) => {
      if (task_id.value !== current) throw new Error(`${state} of another task`);
      if (state === 'TASK_RUNNING') times.push(performance.now() - accepted);
      if (state !== 'TASK_FINISHED') return;
      current = undefined;
      if (times.length === tasks + warmUp) done();
      launchNext(by);
    },
  });
  await Promise.race([allDone, scheduler.failed]);
  await scheduler.end();
  return times;
}
