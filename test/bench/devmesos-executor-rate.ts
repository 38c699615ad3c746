// How many tasks per second a dev Mesos of two agents takes through one custom executor on each: a framework launches them on
// whatever it is offered, each is told to run and to have ended, and each update comes to the framework and is acknowledged.
import path from 'node:path';
import type { ExecutorInfo, Offer, TaskInfo } from '../../src/mesos/types.ts';
import { withDevMesos } from '../support/devmesos/realCluster.ts';
import { taskRate } from '../support/devmesos/taskRate.ts';
import { trueTask } from '../support/devmesos/trueTask.ts';

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
    const once = (count: number): Promise<number> =>
      taskRate({ master: master.url, count, states: ['TASK_RUNNING', 'TASK_FINISHED'], taskOf, reserved: 1 });
    await once(200);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push(await once(tasks));
    return rates;
  });
  const value = [...runs].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  return {
    ...{ name: 'devmesos-executor-rate', value: Math.round(value), unit: 'tasks/s' },
    ...{ ratio: null, ratios: [], runs: runs.map(Math.round), tasks, agents: 2 },
  };
}

function taskOf(offer: Offer): TaskInfo {
  const { name, task_id, agent_id, resources = [] } = trueTask(offer);
  return { name, task_id, agent_id, resources, executor };
}
