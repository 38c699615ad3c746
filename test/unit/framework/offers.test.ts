import assert from 'node:assert/strict';
import { settle } from './fakeClock.ts';
import { World, newRequest } from './world.ts';

describe('Offers', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make();
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    world.master.addAgent('agent-2', { cpus: 2.5, mem: 4096 }, { zone: 'b' });
    await world.start();
  });
  afterEach(() => world.remove());

  const big = (cpus: number) => newRequest(`needs-${cpus}`, { resources: { cpus, mem: 100 } });

  it('are suppressed while nothing waits, and asked for when work arrives', async () => {
    assert.equal(world.master.suppressed, true);
    assert.equal(world.framework.status().suppressed, true);
    await world.submit(newRequest('work'));
    assert.equal(world.master.suppressed, false);
    await world.offer();
    assert.equal(world.master.suppressed, true);
    assert.deepEqual(
      world.master.accepts.map(({ tasks, seconds }) => [tasks.length, seconds]),
      [[1, 3_600]],
    );
  });

  it('take as many tasks as fit, in one call for each agent', async () => {
    const requests = Array.from({ length: 6 }, (_, index) => newRequest(`work-${index}`));
    await world.submit(...requests);
    await world.offer();
    assert.deepEqual(
      world.master.accepts.map(({ tasks }) => tasks.length),
      [4, 2],
    );
    assert.deepEqual(world.master.violations, []);
  });

  it('of one agent are taken together', async () => {
    await world.submit(big(4));
    await world.offer(true);
    assert.equal(world.master.accepts[0]?.offers.length, 2);
    assert.deepEqual(world.master.violations, []);
  });

  it('go to the higher priority, then to who came first', async () => {
    const requests = [0, 0, 5].map((priority, index) =>
      newRequest(`work-${index}`, { priority, resources: { cpus: 4, mem: 10 } }),
    );
    await world.submit(...requests);
    const order: (string | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      await world.offer();
      const task = world.master.accepts.at(-1)?.tasks[0]?.task_id.value ?? '';
      order.push(task.split('.')[0]);
      await world.report(task, 'TASK_FINISHED');
    }
    assert.deepEqual(order, [requests[2]?.id, requests[0]?.id, requests[1]?.id]);
  });

  it('are declined for a short time while something waits, with what it lacks as the reason', async () => {
    await world.submit(big(8));
    await world.offer();
    assert.ok(world.master.declines.every(({ seconds }) => seconds === 2));
    const [newest] = world.framework.offers().offers;
    assert.equal(newest?.fate, 'declined');
    assert.equal(newest.why, 'needs-8 needs 8 cpus, this has 2.5');
    assert.equal(world.framework.status().suppressed, false);
  });

  it('have a fate that can be looked up', async () => {
    const request = newRequest('work');
    await world.submit(request);
    await world.offer();
    const fates = world.framework
      .offers()
      .offers.map(({ agent, fate, tasks, why }) => [agent, fate, tasks, why]);
    assert.deepEqual(fates, [
      ['agent-2', 'declined', [], 'Nothing waits.'],
      ['agent-1', 'accepted', [`${request.id}.1`], ''],
    ]);
  });

  it('rescinded or lost after they were taken cost no try', async () => {
    const request = newRequest('work');
    await world.submit(request);
    world.master.held = true;
    await world.offer();
    world.master.rescind();
    world.master.release();
    await settle();
    assert.equal(world.state(request.id), 'queued');
    await world.clock.advance(2_000);
    await world.offer();
    assert.deepEqual(world.told(request.id), ['launched', 'queued', 'launched']);
  });

  it('never hold reserved, revocable or volume resources wrongly', async () => {
    const agent = world.master.agents.get('agent-1-id');
    assert.ok(agent);
    agent.total = { cpus: 0, mem: 0.001, disk: 0, gpus: 0 };
    agent.extra = [
      {
        ...{ name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, allocation_info: { role: 'airflow' } },
        reservations: [{ type: 'STATIC', role: 'airflow' }],
      },
      { name: 'mem', type: 'SCALAR', scalar: { value: 512 }, allocation_info: { role: 'airflow' } },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 8 }, revocable: {} },
      { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, disk: { persistence: { id: 'x' } } },
    ];
    await world.submit(newRequest('work', { resources: { cpus: 0.1, mem: 256.5 } }));
    await world.offer();
    assert.deepEqual(world.master.accepts[0]?.tasks[0]?.resources, [
      {
        ...{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'airflow' } },
        reservations: [{ type: 'STATIC', role: 'airflow' }],
      },
      { name: 'mem', type: 'SCALAR', scalar: { value: 0.001 }, role: '*', allocation_info: { role: '*' } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 256.499 }, allocation_info: { role: 'airflow' } },
    ]);
  });

  it('carry labels and names in any script', async () => {
    const key = {
      dag_id: 'прогноз',
      run_id: 'manual__2026-11-23',
      task_id: '集計\ud83d',
      map_index: 2,
      try_number: 3,
    };
    await world.submit(newRequest('', { key }));
    await world.offer();
    const labels = world.master.accepts[0]?.tasks[0]?.labels?.labels ?? [];
    const values = Object.fromEntries(labels.map((label) => [label.key, label.value]));
    assert.equal(values.dag_id, 'прогноз');
    assert.equal(values.task_id, '集計\ufffd');
    assert.equal(values.map_index, '2');
    assert.equal(values.try_number, '3');
  });

  it('avoid the agent on which the last attempt never ran, if another fits', async () => {
    const request = newRequest('work');
    await world.submit(request);
    await world.offer();
    await world.report(`${request.id}.1`, 'TASK_DROPPED', { source: 'SOURCE_AGENT' });
    await world.clock.advance(1_000);
    await world.offer();
    assert.equal(world.framework.task(request.id)?.task.agent, 'agent-2');
  });

  describe('explain why a request waits', () => {
    const waits = (id: string) => world.framework.task(id)?.task.waits;

    it('before any came, and without a master', async () => {
      const request = big(8);
      await world.submit(request);
      assert.equal(waits(request.id), 'Waits for offers: none came yet.');
      world.master.breakConnection();
      await settle();
      assert.equal(waits(request.id), 'Waits for the connection to the Mesos master.');
    });

    it('by the largest offer', async () => {
      await world.submit(newRequest('first', { resources: { cpus: 4, mem: 100 } }));
      await world.offer();
      const request = big(4);
      await world.submit(request);
      await world.offer();
      assert.equal(waits(request.id), 'Waits for 4 cpus. The largest offer had 2.5 (agent-2).');
      assert.deepEqual(world.framework.explain(request.id)?.agents[1]?.lacks, [
        { resource: 'cpus', needs: 4, has: 2.5 },
      ]);
    });

    it('where no agent is large enough', async () => {
      const request = newRequest('huge', { resources: { cpus: 64, mem: 100_000 } });
      await world.submit(request);
      await world.offer();
      assert.equal(
        waits(request.id),
        'Needs 64 cpus and 100000 MB of memory: more than any agent has offered (at most 4 (agent-1), 4096 MB of memory (agent-1)).',
      );
    });

    it('by attributes', async () => {
      const request = newRequest('work', { constraints: { zone: 'c' } });
      const other = newRequest('other', { constraints: { zone: 'b' } });
      await world.submit(request, other);
      await world.offer();
      assert.equal(waits(request.id), 'Waits for an agent with zone=c (agent-1 has no zone).');
      assert.equal(world.framework.task(other.id)?.task.agent, 'agent-2');
    });

    it('where each resource is somewhere, but not together', async () => {
      world.master.addAgent('agent-3', { cpus: 0.5, mem: 9000 });
      const request = newRequest('work', { resources: { cpus: 3, mem: 8000 } });
      await world.submit(request);
      await world.offer();
      assert.equal(
        waits(request.id),
        'Waits for 3 cpus and 8000 MB of memory on one agent. agent-1 came closest: it had 4096 MB of memory.',
      );
    });

    it('and tell listeners when the reason changes', async () => {
      const request = big(8);
      const reasons: (string | null)[] = [];
      await world.submit(request);
      world.framework.on('task', ({ waits: reason }) => reasons.push(reason));
      await world.offer();
      await world.offer();
      assert.deepEqual(reasons, ['Needs 8 cpus: more than any agent has offered (at most 4 (agent-1)).']);
    });
  });
});
