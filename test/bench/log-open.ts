// How long it takes until the tail of a log of 5 GB is there, through the service and a dev agent.
import fs from 'node:fs/promises';
import path from 'node:path';
import { SandboxAgent } from '../support/sandboxAgent.ts';

const gigabytes = 5;
/** As much as a window of the editor holds. */
const tailBytes = 2_000_000;
const rounds = 9;

/** Value: milliseconds to the first bytes of the last 2 MB, the median of nine; the goal is 200. `whole`: to the last. */
export async function run(): Promise<object> {
  const agent = await SandboxAgent.make();
  try {
    const sandbox = await agent.sandbox();
    const file = path.join(sandbox.folder, 'stdout');
    await fs.truncate(file, gigabytes * 1e9 - tailBytes);
    await fs.appendFile(file, 'a line of the end\n'.repeat(tailBytes).slice(0, tailBytes));
    const first: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      let bytes = 0;
      for await (const event of agent.client.followLog(sandbox.id, { offset: -tailBytes })) {
        if (event.type === 'data' && bytes === 0) first.push(Math.round(performance.now() - began));
        if (event.type === 'data') bytes += event.data.length;
        if (event.type === 'quiet') break;
      }
      if (bytes !== tailBytes) throw new Error(`${bytes} bytes came`);
      whole.push(Math.round(performance.now() - began));
    }
    return {
      ...{ name: 'log-open', value: median(first), unit: 'ms', ratio: null, ratios: [], runs: first },
      ...{ goal: 200, whole_ms: median(whole), whole_runs: whole, gigabytes },
    };
  } finally {
    await agent.remove();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
