import assert from 'node:assert/strict';
import { RunTimes } from '../../../src/devmesos/runTimes.ts';
import { rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: metrics', () => {
  it('tell what there is of agents, frameworks, tasks and resources', async () => {
    const master = await TestMaster.start();
    const agent = await master.addAgent();
    const scheduler = await RawScheduler.subscribe(master.url);
    try {
      const [offer] = await scheduler.offersOf(1);
      await scheduler.launch([offer!], [taskFor(agent.id, 't', { value: 'true' })]);
      const { body } = await rawRequest(`${master.url}/metrics/snapshot`, 'GET');
      const metrics = JSON.parse(body) as Record<string, number>;
      const of = (...names: string[]) => names.map((name) => metrics[`master/${name}`]);
      assert.deepEqual(of('slaves_active', 'frameworks_active', 'tasks_staging'), [1, 1, 1]);
      assert.deepEqual(of('cpus_total', 'cpus_used', 'mem_used', 'outstanding_offers'), [4, 0.1, 32, 0]);
      assert.ok(metrics['allocator/mesos/allocation_runs']! >= 1);
      assert.ok(metrics['allocator/mesos/allocation_run_ms/max']! >= 0);
    } finally {
      scheduler.disconnect();
      await master.close();
    }
  });

  it('of a timer begin with its first run', () => {
    const times = new RunTimes();
    assert.deepEqual(times.metrics('run_ms'), {});
    times.measure(() => undefined);
    const metrics = times.metrics('run_ms');
    assert.equal(metrics['run_ms/count'], 1);
    assert.equal(metrics.run_ms, metrics['run_ms/p50']);
    assert.equal(metrics['run_ms/min'], metrics['run_ms/max']);
  });
});
