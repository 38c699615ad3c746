// How many tasks per second a dev Mesos of two agents takes through one custom executor on each: a framework launches them on
// whatever it is offered, each is told to run and to have ended, and each update comes to the framework and is acknowledged.
import path from 'node:path';
import type { ExecutorInfo, Offer, TaskInfo } from '../../src/mesos/types.ts';
import { BenchScheduler } from '../support/devmesos/benchScheduler.ts';
import { withDevMesos } from '../support/devmesos/realCluster.ts';
import { roomFor, trueTask } from '../support/devmesos/trueTask.ts';

const tasks = 3000;
const rounds = 5;
const program = path.resolve(import.meta.dirname, '../support/devmesos/rateExecutor.mjs');

const executor: ExecutorInfo = {
  type: 'CUSTOM',
  executor_id: { value: 'rate' },
  command: { value: `exec '${process.execPath}' '${program}'` },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ],
};

/** Value: tasks per second, median of five runs. A real 1.11 with mesos-go's example does 120 to 138 on two cores. */
export async function run(): Promise<object> {
  const runs = await withDevMesos({ agents: 2 }, async ({ master }) => {
    await once(master.url, 200);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push(await once(master.url, tasks));
    return rates;
  });
  const value = [...runs].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  return {
    ...{ name: 'devmesos-executor-rate', value: Math.round(value), unit: 'tasks/s' },
    ...{ ratio: null, ratios: [], runs: runs.map(Math.round), tasks, agents: 2 },
  };
}

/** Runs so many tasks; returns how many there were per second. Throws if an update is missing or another than expected. */
async function once(master: string, count: number): Promise<number> {
  let launched = 0;
  const seen = new Map<string, string[]>();
  const started = new Set<string>();
  let finished = 0;
  let done: () => void = () => undefined;
  const allDone = new Promise<void>((resolve) => (done = resolve));
  const scheduler = await BenchScheduler.subscribe({
    master,
    name: 'executor-rate',
    onOffers: (offers, scheduler) => {
      for (const offer of offers) {
        // The first one leaves room for the executor itself.
        const room = roomFor(offer) - (started.has(offer.agent_id.value) ? 0 : 1);
        const fitting = Math.min(room, count - launched);
        if (fitting <= 0) {
          scheduler.decline([offer], launched < count ? 0 : 3600);
          continue;
        }
        started.add(offer.agent_id.value);
        launched += fitting;
        scheduler.launch(
          offer,
          Array.from({ length: fitting }, () => taskOf(offer)),
        );
      }
    },
    onUpdate: ({ task_id, state }) => {
      const states = seen.get(task_id.value) ?? [];
      seen.set(task_id.value, states);
      states.push(state);
      if (state === 'TASK_FINISHED' && ++finished === count) done();
    },
  });
  try {
    const began = performance.now();
    await Promise.race([allDone, scheduler.failed]);
    const seconds = (performance.now() - began) / 1000;
    for (const [id, states] of seen) {
      if (states.join() !== 'TASK_RUNNING,TASK_FINISHED') throw new Error(`${id} was ${states.join()}`);
    }
    return count / seconds;
  } finally {
    await scheduler.end();
  }
}

function taskOf(offer: Offer): TaskInfo {
  const { name, task_id, agent_id, resources = [] } = trueTask(offer);
  return { name, task_id, agent_id, resources, executor };
}
