// How long a line takes from a task's file to a client of the service that follows it, through a dev agent.
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxAgent } from '../support/sandboxAgent.ts';

const lines = 100;
/** A line each: as a task that logs steadily. */
const everyMs = 200;
/** After so long a silence the file is looked at once a second. */
const silenceMs = 6000;
const silences = 5;

/** Value: milliseconds at the 95th percentile while lines come; the goal is 300, and 1200 after silence. */
export async function run(): Promise<object> {
  const agent = await SandboxAgent.make();
  try {
    const sandbox = await agent.sandbox();
    const file = await fs.open(path.join(sandbox.folder, 'stdout'), 'a');
    const aborter = new AbortController();
    const steady: number[] = [];
    const silent: number[] = [];
    const following = (async () => {
      let rest = '';
      for await (const event of agent.client.followLog(sandbox.id, { signal: aborter.signal })) {
        if (event.type !== 'data') continue;
        const whole = (rest + event.data.toString()).split('\n');
        rest = whole.pop() ?? '';
        for (const line of whole) {
          const [kind, at] = line.split(' ');
          (kind === 'steady' ? steady : silent).push(performance.now() - Number(at));
        }
        if (steady.length === lines && silent.length === silences) return;
      }
    })();
    const say = (kind: string): Promise<unknown> => file.write(`${kind} ${performance.now()}\n`);
    for (let nth = 0; nth < lines; nth += 1) {
      await say('steady');
      // Not in step with the looks.
      await delay(everyMs * (0.5 + Math.random()));
    }
    for (let nth = 0; nth < silences; nth += 1) {
      await delay(silenceMs + Math.random() * 1000);
      await say('silent');
    }
    await following;
    aborter.abort();
    await file.close();
    // The first line comes while the stream is being opened.
    const sorted = steady.slice(1).sort((one, other) => one - other);
    return {
      ...{
        name: 'log-latency',
        value: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? NaN),
        unit: 'ms',
      },
      ...{ ratio: null, ratios: [], runs: sorted.map(Math.round), goal: 300 },
      ...{ after_silence_ms: Math.round(Math.max(...silent)), after_silence_goal: 1200 },
    };
  } finally {
    await agent.remove();
  }
}
