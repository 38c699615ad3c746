// How fast the service's reader follows a file of a dev agent, which is a process of its own, to its end.
import fs from 'node:fs/promises';
import path from 'node:path';
import { FileFollower } from '../../src/service/logs/follower.ts';
import { SandboxAgent, type Sandbox } from '../support/sandboxAgent.ts';

const megabytes = 256;
const rounds = 5;
const line =
  'INFO - 2026-01-01T00:00:00.000 a line of a log as tasks write them, some hundred bytes long ------\n';

/** Value: megabytes per second, the median of five runs; the goal is 50, with less than 50 MB more on the heap. */
export async function run(): Promise<object> {
  const agent = await SandboxAgent.make();
  try {
    const sandbox = await agent.sandbox();
    const million = Buffer.from(line.repeat(Math.ceil(1e6 / line.length))).subarray(0, 1e6);
    const file = await fs.open(path.join(sandbox.folder, 'stdout'), 'w');
    for (let nth = 0; nth < megabytes; nth += 1) await file.write(million);
    await file.close();
    await followed(agent, sandbox, 20e6);
    const before = process.memoryUsage();
    const most = { heap: 0, buffers: 0 };
    const looking = setInterval(() => {
      const { heapUsed, external } = process.memoryUsage();
      most.heap = Math.max(most.heap, heapUsed - before.heapUsed);
      most.buffers = Math.max(most.buffers, external - before.external);
    }, 20);
    const runs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      const bytes = await followed(agent, sandbox);
      runs.push(Math.round(bytes / 1e3 / (performance.now() - began)));
    }
    clearInterval(looking);
    const value = runs.toSorted((one, other) => one - other)[Math.floor(rounds / 2)];
    return {
      ...{ name: 'log-follow', value, unit: 'MB/s', ratio: null, ratios: [], runs, goal: 50, megabytes },
      ...{ heap_growth_mb: Math.round(most.heap / 1e6), heap_growth_goal: 50 },
      // Buffers that wait for the collector.
      buffers_growth_mb: Math.round(most.buffers / 1e6),
    };
  } finally {
    await agent.remove();
  }
}

/** Bytes that came until the end was reached, or `enough`. */
async function followed({ logs }: SandboxAgent, { attempt }: Sandbox, enough = Infinity): Promise<number> {
  const { agents } = logs;
  const file = {
    path: () => Promise.resolve('stdout'),
    read: agents.read.bind(agents, attempt),
    list: agents.list.bind(agents, attempt),
    over: () => undefined,
    kept: () => Promise.resolve(undefined),
  };
  const { signal } = new AbortController();
  let bytes = 0;
  for await (const event of new FileFollower(file, { offset: 0, whole: false, signal }).events()) {
    if (event.type === 'note') throw new Error(event.text);
    if (event.type === 'data') bytes += event.data.length;
    if (event.type === 'quiet' || bytes >= enough) return bytes;
  }
  return bytes;
}
