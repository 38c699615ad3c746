import assert from 'node:assert/strict';
import { debugDeployment } from '../../../src/framework/types.ts';
import { deployment, newRequest, World } from './world.ts';

const receipt = 'c'.repeat(43);

describe('Debug copies', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make();
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
  });
  afterEach(() => world.remove());

  it('run beside the task that they are copies of, and Airflow hears of none', async () => {
    const original = newRequest('work');
    const copy = newRequest('work');
    await world.submit(original);
    await world.framework.submit(debugDeployment, [copy]);
    await world.offer();
    assert.equal(world.state(original.id), 'launched');
    assert.equal(world.framework.request(copy.id)?.state, 'launched');
    await world.framework.redeem(world.ticketOf(`${copy.id}.1`), null, receipt);
    await world.report(`${copy.id}.1`, 'TASK_FAILED');
    const { tasks, unknown } = world.framework.states(deployment, [original.id, copy.id]);
    assert.deepEqual([tasks.map(({ id }) => id), unknown], [[original.id], [copy.id]]);
    assert.deepEqual(
      world.framework.tasks({}).map(({ id }) => id),
      [original.id],
    );
  });

  it('count while they are not over', async () => {
    const copy = newRequest('work');
    await world.framework.submit(debugDeployment, [copy]);
    assert.equal(world.framework.status().counts.queued, 1);
    await world.offer();
    await world.report(`${copy.id}.1`, 'TASK_RUNNING');
    assert.equal(world.framework.status().counts.running, 1);
    await world.report(`${copy.id}.1`, 'TASK_FAILED');
    assert.equal(world.framework.request(copy.id)?.state, 'failed');
    const counts = (): number[] => Object.values(world.framework.status().counts);
    assert.ok(counts().every((count) => count === 0));
    await world.restart();
    assert.ok(counts().every((count) => count === 0));
  });

  it('give way to a newer one of the same task instance', async () => {
    const [older, newer] = [newRequest('work'), newRequest('work')];
    await world.framework.submit(debugDeployment, [older]);
    await world.framework.submit(debugDeployment, [newer]);
    assert.equal(world.framework.request(older.id)?.state, 'superseded');
    assert.equal(world.framework.request(newer.id)?.state, 'queued');
  });

  it('are known by their receipt as long as they run; an ordinary task never', async () => {
    const copy = newRequest('copied');
    const ordinary = newRequest('ordinary');
    await world.submit(ordinary);
    await world.framework.submit(debugDeployment, [copy]);
    await world.offer();
    const other = 'o'.repeat(43);
    await world.framework.redeem(world.ticketOf(`${copy.id}.1`), null, receipt);
    await world.framework.redeem(world.ticketOf(`${ordinary.id}.1`), null, other);
    assert.equal(world.framework.copyOf(receipt).id, copy.id);
    for (const wrong of [other, 'x'.repeat(43)]) {
      assert.throws(() => world.framework.copyOf(wrong), { name: 'ReceiptRefused' });
    }
    await world.report(`${copy.id}.1`, 'TASK_FINISHED');
    assert.throws(() => world.framework.copyOf(receipt), { name: 'ReceiptRefused' });
  });
});
