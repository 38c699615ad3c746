// 10 000 waiting requests over 200 offers: matching, TaskInfos with tickets, and the commit that comes before ACCEPT.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { launch } from '../../src/framework/launching.ts';
import { match, poolsOf } from '../../src/framework/matching.ts';
import { settingsOf } from '../../src/framework/options.ts';
import { Queue } from '../../src/framework/queue.ts';
import { openStore } from '../../src/framework/store.ts';
import { submit } from '../../src/framework/submit.ts';
import type { NewRequest } from '../../src/framework/types.ts';
import { Work } from '../../src/framework/work.ts';
import type { Offer, Resource } from '../../src/mesos/types.ts';
import { temporaryFolder } from '../support/temporary.ts';

const requests = 10_000;
const offers = 200;
const rounds = 5;

interface Run {
  /** Milliseconds. */
  submit: number;
  match: number;
  store: number;
  launched: number;
}

/** Value: requests launched per second of matching and storing, median of five runs. */
export async function run(): Promise<object> {
  const runs: Run[] = [];
  for (let index = 0; index < rounds; index += 1) runs.push(await once());
  const rates = runs.map((one) => one.launched / ((one.match + one.store) / 1000)).sort((a, b) => a - b);
  const value = Math.round(rates[Math.floor(rounds / 2)] ?? 0);
  return { name: 'matching', value, unit: 'tasks/s', ratio: null, ratios: [], runs, requests, offers };
}

async function once(): Promise<Run> {
  const folder = await temporaryFolder('bench');
  const store = openStore(path.join(folder.path, 'store.sqlite'), randomUUID);
  try {
    const settings = settingsOf();
    const queue = new Queue();
    const batch = Array.from({ length: requests }, (_, index) => request(index));
    const start = performance.now();
    store.transaction(() => submit(new Work(store, Date.now()), 'bench', batch, settings));
    const submitted = performance.now();
    for (const queued of store.requests.queued()) queue.put(queued);
    const given = Array.from({ length: offers }, (_, index) => offer(index));
    const before = performance.now();
    const pools = poolsOf(given);
    const unplaced = match(queue.ready(Date.now()), pools);
    const matched = performance.now();
    const launcher = () => ({
      name: 'task',
      command: { shell: false, value: 'python', arguments: ['-m', 'task'] },
    });
    const launches = store.transaction(() =>
      launch(new Work(store, Date.now()), pools, 'framework', launcher, settings),
    );
    const stored = performance.now();
    const launched = [...launches.values()].reduce((sum, tasks) => sum + tasks.length, 0);
    if (launched + unplaced.length !== requests)
      throw new Error(`${launched} launched, ${unplaced.length} not`);
    return { submit: submitted - start, match: matched - before, store: stored - matched, launched };
  } finally {
    store.close();
    await folder.remove();
  }
}

/** Four sizes, so that offers fill up unevenly; some ask for a zone, and some fit nowhere. */
function request(index: number): NewRequest {
  const sizes = [0.1, 0.5, 1, 500];
  return {
    id: randomUUID(),
    key: { dag_id: 'bench', run_id: 'run', task_id: `task-${index}`, map_index: index, try_number: 1 },
    workload: { token: 'x'.repeat(1_000) },
    resources: { cpus: index % 50 === 0 ? sizes[3] : sizes[index % 3], mem: 64 + (index % 7) },
    priority: index % 4,
    ...(index % 5 === 0 && { constraints: { zone: `zone-${index % 3}` } }),
  };
}

function offer(index: number): Offer {
  const scalar = (name: string, value: number): Resource => ({
    ...{ name, type: 'SCALAR', scalar: { value }, role: '*', allocation_info: { role: '*' } },
  });
  return {
    id: { value: `offer-${index}` },
    framework_id: { value: 'framework' },
    agent_id: { value: `agent-${index}` },
    hostname: `agent-${index}.example`,
    resources: [scalar('cpus', 32), scalar('mem', 65_536), scalar('disk', 100_000)],
    attributes: [{ name: 'zone', type: 'TEXT', text: { value: `zone-${index % 3}` } }],
    allocation_info: { role: '*' },
  };
}
