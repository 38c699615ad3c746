import assert from 'node:assert/strict';
import { modern, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { Parts } from './support/parts.ts';

describe('dev Mesos: updates that nobody acknowledges', () => {
  let parts: Parts;

  before(async () => {
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    await parts.startAgent('agent-1', '--status-update-retry', '300ms');
  });

  after(() => parts.remove());

  it('come again, one at a time, and at once when the framework is back', async () => {
    const scheduler = await RawScheduler.subscribe(parts.masterUrl);
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'a', { value: 'true' })], 3600);
    await until(() => scheduler.updates('a').length === 3);
    assert.deepEqual(new Set(scheduler.updates('a').map(({ uuid }) => uuid)).size, 1);
    assert.equal(scheduler.updates('a')[0]?.state, 'TASK_STARTING');
    // Its end is known to the master all the same: what it used is offered again.
    await scheduler.offersOf(2);

    const fresh = await RawScheduler.subscribe(parts.masterUrl, { ...modern, id: await scheduler.id() });
    const starting = await fresh.update('a', 'TASK_STARTING', 1000);
    assert.equal(starting.uuid, scheduler.updates('a')[0]?.uuid);
    await fresh.acknowledge(starting);
    const running = await fresh.update('a', 'TASK_RUNNING');
    await fresh.acknowledge(starting);
    assert.ok(!fresh.updates('a').some(({ state }) => state === 'TASK_FINISHED'));
    await fresh.acknowledge(running);
    await fresh.acknowledge(await fresh.update('a', 'TASK_FINISHED'));
    const count = fresh.updates('a').length;
    await fresh.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'a' } }] } });
    assert.equal((await fresh.update('a', 'TASK_UNKNOWN')).reason, 'REASON_RECONCILIATION');
    assert.equal(fresh.updates('a').length, count + 1, 'nothing comes after the last acknowledgement');
    fresh.disconnect();
  });
});
