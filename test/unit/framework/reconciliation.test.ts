import assert from 'node:assert/strict';
import { settle } from './fakeClock.ts';
import { World, newRequest } from './world.ts';

const minute = 60_000;

describe('Reconciliation', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make({ options: { masterChangeGraceMs: 10 * minute } });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
  });
  afterEach(() => world.remove());

  async function running(name = 'work'): Promise<{ id: string; task: string }> {
    const request = newRequest(name);
    await world.submit(request);
    await world.offer();
    await world.report(`${request.id}.1`, 'TASK_RUNNING');
    return { id: request.id, task: `${request.id}.1` };
  }

  async function reconnect(): Promise<void> {
    world.driver.reconnect();
    await settle();
  }

  it('keeps the framework id over restarts, and tasks go on', async () => {
    const { id, task } = await running();
    await world.restart();
    assert.equal(world.store.frameworkId, 'framework-1');
    assert.equal(world.driver.frameworkId, 'framework-1');
    assert.equal(world.framework.status().unconfirmed, 0);
    await world.report(task, 'TASK_FINISHED');
    assert.deepEqual(world.told(id), ['launched', 'running', 'finished']);
  });

  it('learns of an end that it missed, with the reason that the agent gave', async () => {
    const { id, task } = await running();
    world.kill();
    world.master.report(task, 'TASK_FAILED', { message: 'Command exited with status 7' });
    await world.restart();
    assert.equal(world.state(id), 'failed');
    assert.match(world.framework.task(id)?.task.info ?? '', /status 7/);
  });

  it('takes the reconciled end where the original does not come', async () => {
    const { id, task } = await running();
    world.kill();
    world.master.report(task, 'TASK_FINISHED');
    const known = world.master.tasks.get(task);
    assert.ok(known);
    known.updates = [];
    await world.restart();
    assert.equal(world.state(id), 'running');
    await world.clock.advance(minute);
    assert.equal(world.state(id), 'finished');
  });

  it('launches again what was stored but never reached the master', async () => {
    const request = newRequest('work');
    await world.submit(request);
    world.master.held = true;
    await world.offer();
    assert.equal(world.state(request.id), 'launched');
    world.kill();
    world.master.held = false;
    await world.restart();
    assert.equal(world.state(request.id), 'queued');
    await world.clock.advance(2_000);
    await world.offer();
    assert.equal(world.state(request.id), 'launched');
    assert.deepEqual([...world.master.tasks.keys()], [`${request.id}.2`]);
  });

  it('believes nobody that a task is unknown while its ACCEPT is under way', async () => {
    const request = newRequest('work');
    await world.submit(request);
    world.master.held = true;
    await world.offer();
    for (const state of ['TASK_UNKNOWN', 'TASK_GONE'] as const) {
      world.master.send({
        task_id: { value: `${request.id}.1` },
        state,
        source: 'SOURCE_MASTER',
        reason: 'REASON_RECONCILIATION',
      });
    }
    await settle();
    assert.equal(world.state(request.id), 'launched');
    world.master.release();
    await settle();
    await world.report(`${request.id}.1`, 'TASK_RUNNING');
    assert.equal(world.state(request.id), 'running');
  });

  it('asks what became of an ACCEPT that was lost with its connection', async () => {
    const request = newRequest('work');
    await world.submit(request);
    world.master.held = true;
    await world.offer();
    world.master.breakConnection();
    world.master.held = false;
    await settle();
    await reconnect();
    assert.equal(world.state(request.id), 'queued');
    await world.clock.advance(2_000);
    await world.offer();
    assert.equal(world.master.living().length, 1);
  });

  it('asks what became of an ACCEPT that was refused', async () => {
    const request = newRequest('work');
    await world.submit(request);
    world.master.refused.add('ACCEPT');
    await world.offer();
    assert.equal(world.state(request.id), 'launched');
    await world.clock.advance(10_000);
    assert.equal(world.state(request.id), 'queued');
    world.master.refused.clear();
    world.master.rescind();
    await world.clock.advance(2_000);
    await world.offer();
    assert.equal(world.master.living().length, 1);
  });

  it('waits for agents to register with a new master before it gives a task up', async () => {
    const { id, task } = await running();
    await world.framework.redeem(world.ticketOf(task), null);
    const gone = world.master.tasks.get(task);
    world.master.tasks.delete(task);
    const agent = world.master.agents.get('agent-1-id');
    assert.ok(agent && gone);
    agent.reachable = false;
    world.master.failOver();
    await reconnect();
    await world.clock.advance(9 * minute);
    assert.equal(world.state(id), 'running');
    assert.equal(world.framework.status().unconfirmed, 1);
    world.master.tasks.set(task, gone);
    world.master.recoverAgent('agent-1-id');
    await settle();
    assert.equal(world.framework.status().unconfirmed, 0);
    await world.clock.advance(9 * minute);
    assert.equal(world.state(id), 'running');
  });

  it('gives it up when they had their time: lost if it had begun, launched again if not', async () => {
    const begun = await running('begun');
    const request = newRequest('unbegun');
    await world.submit(request);
    await world.offer();
    const agent = world.master.agents.get('agent-1-id');
    assert.ok(agent);
    agent.reachable = false;
    world.master.tasks.clear();
    world.master.failOver();
    await reconnect();
    await world.clock.advance(12 * minute);
    assert.equal(world.state(begun.id), 'lost');
    assert.equal(world.state(request.id), 'queued');
  });

  it('kills an attempt that was given up when it turns out to live', async () => {
    const { id, task } = await running();
    const alive = world.master.tasks.get(task);
    const agent = world.master.agents.get('agent-1-id');
    assert.ok(agent && alive);
    world.master.tasks.clear();
    agent.reachable = false;
    world.master.failOver();
    await reconnect();
    await world.clock.advance(12 * minute);
    assert.equal(world.state(id), 'lost');
    world.master.tasks.set(task, alive);
    world.master.recoverAgent('agent-1-id');
    await settle();
    assert.equal(world.master.tasks.get(task), undefined);
    assert.equal(world.state(id), 'lost');
  });

  it('kills tasks of the framework that the store does not know', async () => {
    await running();
    const stray = world.master.tasks.get([...world.master.tasks.keys()][0] ?? '');
    assert.ok(stray);
    world.master.tasks.set('stray', {
      ...stray,
      info: { ...stray.info, task_id: { value: 'stray' } },
      updates: [],
    });
    await world.restart();
    assert.equal(world.master.tasks.get('stray'), undefined);
    assert.equal(world.master.living().length, 1);
  });

  it('asks again, at growing intervals, until it is answered', async () => {
    await running();
    world.kill();
    const { master } = world;
    const answer = master.reconcile.bind(master);
    let asked = 0;
    master.reconcile = (tasks) => {
      if (tasks.length > 0) asked += 1;
    };
    await world.restart();
    await world.clock.advance(36_000);
    // At 0, 5, 15 and 35 s.
    assert.equal(asked, 4);
    master.reconcile = answer;
    await world.clock.advance(minute);
    assert.equal(world.framework.status().unconfirmed, 0);
  });

  it('starts anew where the master has removed the framework', async () => {
    const { id, task } = await running('begun');
    await world.framework.redeem(world.ticketOf(task), null);
    const waiting = newRequest('unbegun');
    await world.submit(waiting);
    await world.offer();
    assert.equal(world.state(waiting.id), 'launched');
    world.master.loseAgent('agent-1-id');
    // A new master's word on unknown tasks would be doubted; its word on the framework is enough.
    world.master.failOver();
    world.master.removeFramework('framework-1');
    await reconnect();
    assert.equal(world.store.frameworkId, 'framework-2');
    assert.equal(world.state(id), 'lost');
    assert.equal(world.state(waiting.id), 'queued');
    assert.equal(world.notices[0]?.level, 'error');
    world.master.recoverAgent('agent-1-id');
    await world.clock.advance(2_000);
    await world.offer();
    assert.equal(world.state(waiting.id), 'launched');
    assert.equal(world.framework.task(waiting.id)?.attempt?.framework_id, 'framework-2');
  });

  it('tells why there is no connection, while it is being made again', async () => {
    const request = newRequest('work');
    await world.submit(request);
    const reasons: (string | null)[] = [];
    world.framework.on('task', ({ waits }) => reasons.push(waits));
    world.master.breakConnection('the master went away');
    await settle();
    const { state, disconnection, problem } = world.framework.status();
    assert.deepEqual([state, disconnection, problem], ['subscribing', 'the master went away', null]);
    assert.deepEqual(reasons, ['Waits for the connection to the Mesos master.']);
    await reconnect();
    assert.equal(world.framework.status().disconnection, null);
  });

  it('says so and stays where the master refuses the framework for good', async () => {
    world.driver.refuse(new Error("User 'x' is not allowed to run frameworks"));
    await settle();
    assert.equal(world.framework.status().state, 'disconnected');
    assert.match(world.framework.status().problem ?? '', /not allowed/);
  });
});
