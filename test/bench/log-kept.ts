// What keeping the ends of logs costs: a thousand tasks write at once, and end at once.
import fs from 'node:fs/promises';
import path from 'node:path';
import { SandboxAgent, type Sandbox } from '../support/sandboxAgent.ts';
import { until } from '../support/until.ts';
import { usageOf } from '../support/usage.ts';

const tasks = 1000;
/** Each task's output, written in so many pieces, and Airflow's own log of it. */
const pieces = 16;
const pieceBytes = 4096;
const ownBytes = 8192;
const line =
  'INFO - 2026-01-01T00:00:00.000 a line of a log as tasks write them, some hundred bytes long ------\n';
const own = path.join('logs', 'dag_id=d', 'run_id=r', 'task_id=t', 'attempt=1.log');

/**
 * Value: percent of a core that the service's side takes until the thousand are kept, the rest being left to whoever runs
 * tasks or reads logs; the goal is 25. Fails where one is not kept to its last byte.
 */
export async function run(): Promise<object> {
  const agent = await SandboxAgent.make();
  try {
    const sandboxes: Sandbox[] = [];
    for (let nth = 0; nth < tasks; nth += 1) sandboxes.push(await agent.sandbox());
    const last = sandboxes.at(-1)?.attempt.mesos_task_id ?? '';
    await Promise.all(sandboxes.map(write));
    const before = process.memoryUsage();
    const most = { heap: 0, rss: 0 };
    const looking = setInterval(() => {
      const { heapUsed, rss } = process.memoryUsage();
      most.heap = Math.max(most.heap, heapUsed - before.heapUsed);
      most.rss = Math.max(most.rss, rss - before.rss);
    }, 20);
    const [ours, theirs, from] = [process.cpuUsage(), await usageOf(agent.pid), performance.now()];
    for (const sandbox of sandboxes) agent.end(sandbox);
    await until(() => agent.logs.kept.has(last), { limitMs: 600_000, everyMs: 50, what: 'the last one' });
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(ours);
    const service = (user + system) / 1e6;
    const ofAgent = (await usageOf(agent.pid)).cpuSeconds - theirs.cpuSeconds;
    clearInterval(looking);
    for (const [nth, sandbox] of sandboxes.entries()) await check(agent, sandbox, nth);
    const value = tenths((service / seconds) * 100);
    return {
      ...{ name: 'log-kept', value, unit: '% of a core', ratio: null, ratios: [], runs: [value], goal: 25 },
      ...{ agent_percent: tenths((ofAgent / seconds) * 100), kept_s: tenths(seconds) },
      ...{ tasks, kept: sandboxes.length, bytes_each: pieces * pieceBytes + ownBytes },
      // Computing time for one log.
      ...{
        service_ms_each: tenths((service * 1000) / tasks),
        agent_ms_each: tenths((ofAgent * 1000) / tasks),
      },
      ...{ heap_growth_mb: Math.round(most.heap / 1e6), rss_growth_mb: Math.round(most.rss / 1e6) },
    };
  } finally {
    await agent.remove();
  }
}

async function write({ folder, id }: Sandbox): Promise<void> {
  for (let nth = 0; nth < pieces; nth += 1) {
    await fs.appendFile(path.join(folder, 'stdout'), text(pieceBytes, `${id} ${nth}`));
  }
  await fs.mkdir(path.dirname(path.join(folder, own)), { recursive: true });
  await fs.writeFile(path.join(folder, own), text(ownBytes, id));
}

/** So many bytes of lines that no other log has. */
function text(bytes: number, mark: string): Buffer {
  const marked = `${mark} ${line}`;
  return Buffer.from(marked.repeat(Math.ceil(bytes / marked.length))).subarray(0, bytes);
}

async function check({ logs }: SandboxAgent, { attempt, folder }: Sandbox, nth: number): Promise<void> {
  for (const file of ['stdout', own]) {
    const kept = await logs.kept.find(attempt.mesos_task_id, file);
    const there = await fs.readFile(path.join(folder, file));
    if (!kept?.data.equals(there)) throw new Error(`${file} of task ${nth} was not kept whole`);
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
