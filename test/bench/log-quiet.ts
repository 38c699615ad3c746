// What following quiet logs costs: 200 files of a dev agent, each with a client of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxAgent } from '../support/sandboxAgent.ts';
import { usageOf } from '../support/usage.ts';

const files = 200;
/** The first looks are quicker: by then each file is looked at once a second. */
const settleMs = 8000;
const measuredMs = 20_000;

/** Value: percent of a core that the service's side takes, with its clients in the same process; the goal is 20. */
export async function run(): Promise<object> {
  const agent = await SandboxAgent.make();
  const aborter = new AbortController();
  try {
    const following: Promise<void>[] = [];
    for (let nth = 0; nth < files; nth += 1) {
      const { id } = await agent.sandbox();
      let isThere = (): void => undefined;
      const there = new Promise<void>((resolve) => (isThere = resolve));
      following.push(
        (async () => {
          for await (const { type } of agent.client.followLog(id, { signal: aborter.signal })) {
            if (type === 'quiet') isThere();
          }
        })().catch((error: unknown) => {
          if (!aborter.signal.aborted) throw error;
        }),
      );
      await there;
    }
    await delay(settleMs);
    const [own, theirs, from] = [process.cpuUsage(), await usageOf(agent.pid), performance.now()];
    await delay(measuredMs);
    const { user, system } = process.cpuUsage(own);
    const ofAgent = (await usageOf(agent.pid)).cpuSeconds - theirs.cpuSeconds;
    const seconds = (performance.now() - from) / 1000;
    aborter.abort();
    await Promise.all(following);
    const value = Math.round(((user + system) / 1e6 / seconds) * 1000) / 10;
    return {
      ...{ name: 'log-quiet', value, unit: '% of a core', ratio: null, ratios: [], runs: [value], goal: 20 },
      ...{ agent_percent: Math.round((ofAgent / seconds) * 1000) / 10, files },
    };
  } finally {
    aborter.abort();
    await agent.remove();
  }
}
