import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Cluster } from './support/cluster.ts';
import { ExecutorReplay, type Line } from './support/executorReplay.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/mesos/executor');

// What a scheduler and its custom executors said and heard with a real master and agent, call by call.
for (const recording of [
  'executor_api.jsonl',
  'executor_lifecycle.jsonl',
  'executor_resources_and_containers.jsonl',
]) {
  describe(`conformance: ${recording}`, function () {
    this.timeout(60_000);
    const lines = readFileSync(path.join(fixtures, recording), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ what }) => !/^(EV (OFFERS|HEARTBEAT)|offer as received)/.test(what));
    let cluster: Cluster;
    let replay: ExecutorReplay;

    before(async () => {
      cluster = await Cluster.start();
      const agent = await cluster.addAgent(undefined, '', { executorRegistrationTimeout: 12_000 });
      replay = new ExecutorReplay(recording, lines, cluster, agent);
    });

    after(async () => {
      replay.stop();
      await cluster.stop();
    });

    // Each section begins where the one before it ended.
    let isLost = false;
    for (const [title, section] of sectionsOf(lines)) {
      it(title, async function () {
        if (process.platform === 'win32' || isLost) this.skip();
        isLost = true;
        await replay.play(section);
        isLost = false;
      });
    }

    it('has no difference on the list that is gone', () => replay.accepted.assertAllUsed());
  });
}

/** The recording's own sections; what stands before the first one belongs to it. */
function sectionsOf(lines: readonly Line[]): [title: string, section: Line[]][] {
  const sections: [string, Line[]][] = [];
  let before: Line[] = [];
  for (const line of lines) {
    if (line.who === '----') {
      sections.push([line.what, [...before, line]]);
      before = [];
    } else if (sections.length === 0) before.push(line);
    else sections.at(-1)![1].push(line);
  }
  return sections;
}
