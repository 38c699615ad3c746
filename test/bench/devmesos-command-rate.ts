// How many command tasks a dev Mesos of two agents runs per second, end to end: a framework launches `true` on whatever it is
// offered, and each task's three updates come to it and are acknowledged.
import { withDevMesos } from '../support/devmesos/realCluster.ts';
import { taskRate } from '../support/devmesos/taskRate.ts';
import { trueTask } from '../support/devmesos/trueTask.ts';

const tasks = 1500;
const rounds = 5;

/** Value: tasks per second, median of five runs; the goal is 150 on two cores. */
export async function run(): Promise<object> {
  const runs = await withDevMesos({ agents: 2 }, async ({ master }) => {
    const once = (count: number): Promise<number> =>
      taskRate({
        master: master.url,
        count,
        states: ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'],
        taskOf: trueTask,
      });
    await once(200);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push(await once(tasks));
    return rates;
  });
  const value = [...runs].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  return {
    ...{ name: 'devmesos-command-rate', value: Math.round(value), unit: 'tasks/s', goal: 150 },
    ...{ ratio: null, ratios: [], runs: runs.map(Math.round), tasks, agents: 2 },
  };
}
