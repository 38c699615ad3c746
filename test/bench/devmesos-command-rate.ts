// How many command tasks a dev Mesos of two agents runs per second, end to end: a framework launches `true` on whatever it is
// offered, and each task's three updates come to it and are acknowledged.
import { BenchScheduler } from '../support/devmesos/benchScheduler.ts';
import { withDevMesos } from '../support/devmesos/realCluster.ts';
import { roomFor, trueTask } from '../support/devmesos/trueTask.ts';

const tasks = 1500;
const rounds = 5;

/** Value: tasks per second, median of five runs; the goal is 150 on two cores. */
export async function run(): Promise<object> {
  const runs = await withDevMesos({ agents: 2 }, async ({ master }) => {
    await once(master.url, 200);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push(await once(master.url, tasks));
    return rates;
  });
  const value = [...runs].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  return {
    ...{ name: 'devmesos-command-rate', value: Math.round(value), unit: 'tasks/s', goal: 150 },
    ...{ ratio: null, ratios: [], runs: runs.map(Math.round), tasks, agents: 2 },
  };
}

/** Runs so many tasks; returns how many there were per second. Throws if an update is missing or another than expected. */
async function once(master: string, count: number): Promise<number> {
  let launched = 0;
  const seen = new Map<string, string[]>();
  let finished = 0;
  let done: () => void = () => undefined;
  const allDone = new Promise<void>((resolve) => (done = resolve));
  const scheduler = await BenchScheduler.subscribe({
    master,
    name: 'command-rate',
    onOffers: (offers, scheduler) => {
      for (const offer of offers) {
        const fitting = Math.min(roomFor(offer), count - launched);
        if (fitting === 0) {
          scheduler.decline([offer], launched < count ? 0 : 3600);
          continue;
        }
        launched += fitting;
        scheduler.launch(
          offer,
          Array.from({ length: fitting }, () => trueTask(offer)),
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
      if (states.join() !== 'TASK_STARTING,TASK_RUNNING,TASK_FINISHED')
        throw new Error(`${id} was ${states.join()}`);
    }
    return count / seconds;
  } finally {
    await scheduler.end();
  }
}
