import assert from 'node:assert/strict';
import type { ClusterEvent } from '../../../src/api/people.ts';
import { connect } from '../../../src/client/discover.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { until } from '../../support/until.ts';

describe('a window that comes to a living cluster', function () {
  this.timeout(60_000);
  let cluster: ServiceCluster;

  before(async () => {
    cluster = await ServiceCluster.make(1);
    const connection = await cluster.start();
    await cluster.ready(connection);
    // An agent answers before the master has it.
    await until(async () => (await connection.client.agents()).length === 1, { limitMs: 20_000 });
  });
  after(() => cluster.remove());

  /** As a reloaded window does it: finds, shakes hands, follows. Returns how long its first events took (milliseconds). */
  async function attached(): Promise<{ readonly ms: number; readonly events: readonly ClusterEvent[] }> {
    const began = performance.now();
    const stop = new AbortController();
    const events: ClusterEvent[] = [];
    try {
      const { client } = await connect(await cluster.known());
      void client.subscribe(
        { event: (event) => events.push(event) },
        { signal: stop.signal, topics: ['cluster', 'agents', 'frameworks', 'offers', 'tasks'] },
      );
      await until(() => events.length > 0, { what: 'its first event', everyMs: 5 });
      return { ms: performance.now() - began, events };
    } finally {
      stop.abort();
    }
  }

  it('shows it within a second', async () => {
    const { ms, events } = await attached();
    assert.ok(ms < 1000, `${ms} ms`);
    const [first] = events;
    assert.equal(first?.type, 'snapshot');
    assert.equal(first.agents?.length, 1);
  });

  it('shows it within a second though the Mesos master hangs', async () => {
    const pid = (await cluster.partPids()).get('mesos-master');
    assert.ok(pid);
    // What was asked a moment ago is not asked again.
    const old = performance.now() + 2000;
    await until(() => performance.now() > old, { limitMs: 5000 });
    process.kill(pid, 'SIGSTOP');
    try {
      const { ms, events } = await attached();
      assert.ok(ms < 1000, `${ms} ms`);
      assert.equal(events[0]?.type, 'snapshot');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});
