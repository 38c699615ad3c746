import { setTimeout as delay } from 'node:timers/promises';
import { EditorProcess } from '../support/large/editorProcess.ts';
import { TestCluster } from '../support/testCluster.ts';
import { usageOf } from '../support/usage.ts';

/** What the start has left behind is over by then. */
const settleMs = 30_000;
const minutes = 1;
const looks = 12 * minutes;

/**
 * Megabytes that the service of an embedded cluster holds (the most of twelve looks in a minute), and what of one core it
 * takes, while the cluster stands idle with Airflow and an editor shows all three views. The goals are 120 MB and 2 %.
 */
export async function run(): Promise<object> {
  const cluster = await TestCluster.make();
  const editor = new EditorProcess(cluster.home, 'default');
  try {
    const up = await cluster.run('up', '--detach', '--engine', 'embedded');
    if (up.status !== 0) throw new Error(`${up.stderr}${await cluster.logs()}`);
    await editor.watch(['byDag', 'cluster', 'dags']);
    await delay(settleMs);
    const { pid } = await cluster.runtime();
    const first = await usageOf(pid);
    const from = performance.now();
    const megabytes: number[] = [];
    for (let look = 0; look < looks; look += 1) {
      await delay(5000);
      megabytes.push(Math.round((await usageOf(pid)).megabytes));
    }
    const { cpuSeconds } = await usageOf(pid);
    const share = (cpuSeconds - first.cpuSeconds) / ((performance.now() - from) / 1000);
    const told = await editor.report();
    return {
      ...{
        name: 'idle',
        value: Math.max(...megabytes),
        unit: 'MB',
        ratio: null,
        ratios: [],
        runs: megabytes,
      },
      ...{ goal: 120, core_percent: Math.round(share * 1000) / 10, core_percent_goal: 2 },
      editor: { rows: told.rows, draws: told.drawn, core_percent: Math.round(told.cpu * 1000) / 10 },
    };
  } finally {
    editor.stop();
    await cluster.remove();
  }
}
