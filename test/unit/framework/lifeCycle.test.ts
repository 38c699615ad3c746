import assert from 'node:assert/strict';
import { settle } from './fakeClock.ts';
import { World, deployment, newRequest } from './world.ts';

describe('The life of a request', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make();
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
  });
  afterEach(() => world.remove());

  async function launched(name = 'work'): Promise<{ id: string; task: string }> {
    const request = newRequest(name);
    await world.submit(request);
    await world.offer();
    return { id: request.id, task: `${request.id}.1` };
  }

  async function redeemed(name = 'work'): Promise<{ id: string; task: string; receipt: string }> {
    const { id, task } = await launched(name);
    await world.report(task, 'TASK_STARTING');
    await world.report(task, 'TASK_RUNNING');
    const { receipt } = await world.framework.redeem(world.ticketOf(task), null);
    return { id, task, receipt };
  }

  it('goes from queued to finished, with each state told once and every update acknowledged', async () => {
    const { id, task } = await redeemed();
    await world.report(task, 'TASK_FINISHED', { message: 'Command exited with status 0' });
    assert.deepEqual(world.told(id), ['launched', 'starting', 'running', 'finished']);
    assert.deepEqual(
      world.master.acknowledged.map(({ state }) => state),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'],
    );
    const found = world.framework.task(id);
    assert.equal(found?.task.agent, 'agent-1');
    assert.equal(found.task.mesos_task_id, task);
    assert.match(found.task.info, /TASK_FINISHED on agent-1: Command exited with status 0/);
    assert.equal(found.attempt?.container_id, `container-of-${task}`);
    assert.equal(found.attempt.agent_address, '127.0.0.1:5051');
    assert.equal(found.attempt.framework_id, 'framework-1');
    assert.deepEqual(world.master.violations, []);
  });

  it('tells that a failed one failed, with what Mesos said', async () => {
    const { id, task } = await redeemed();
    await world.report(task, 'TASK_FAILED', { message: 'Command exited with status 3' });
    assert.equal(world.state(id), 'failed');
    assert.match(world.events().at(-1)?.info ?? '', /Command exited with status 3/);
  });

  it('takes updates that come twice, late or in the wrong order for what they are worth', async () => {
    const { id, task } = await launched();
    world.master.report(task, 'TASK_RUNNING');
    world.master.resend(task);
    await settle();
    const status = { task_id: { value: task }, agent_id: { value: 'agent-1-id' } };
    world.master.send({ ...status, state: 'TASK_STARTING', uuid: 'late' });
    await settle();
    assert.equal(world.state(id), 'running');
    await world.report(task, 'TASK_FINISHED');
    world.master.send({ ...status, state: 'TASK_FINISHED', uuid: 'twice' });
    await settle();
    assert.deepEqual(world.told(id), ['launched', 'running', 'finished']);
    assert.ok(world.master.acknowledged.some(({ uuid }) => uuid === 'late'));
    assert.ok(world.master.acknowledged.some(({ uuid }) => uuid === 'twice'));
  });

  it('is launched again where it never ran, a bounded number of times, at growing intervals', async () => {
    const request = newRequest('work');
    await world.submit(request);
    for (const [index, pause] of [1_000, 2_000, 4_000, null].entries()) {
      await world.offer();
      assert.equal(world.state(request.id), 'launched');
      await world.report(`${request.id}.${index + 1}`, 'TASK_FAILED', {
        source: 'SOURCE_AGENT',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: 'Failed to fetch all URIs',
      });
      if (pause === null) break;
      await world.clock.advance(pause - 1);
      await world.offer();
      assert.equal(world.state(request.id), 'queued');
      assert.match(world.framework.task(request.id)?.task.waits ?? '', /before it is launched again/);
      await world.clock.advance(1);
    }
    assert.equal(world.state(request.id), 'failed');
    assert.match(
      world.framework.task(request.id)?.task.info ?? '',
      /Never ran, launched 4 times.*fetch all URIs/,
    );
    assert.deepEqual(world.told(request.id), [
      ...['launched', 'queued', 'launched', 'queued', 'launched', 'queued', 'launched', 'failed'],
    ]);
  });

  it('is not launched again once it ran', async () => {
    const { id, task } = await redeemed();
    await world.report(task, 'TASK_FAILED', { source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' });
    assert.equal(world.state(id), 'failed');
  });

  it('fails at once with the message where Mesos calls it invalid', async () => {
    const { id, task } = await launched();
    world.master.send({
      task_id: { value: task },
      state: 'TASK_ERROR',
      source: 'SOURCE_MASTER',
      reason: 'REASON_TASK_INVALID',
      message: 'Task uses no resources',
    });
    await settle();
    assert.equal(world.state(id), 'failed');
    assert.match(world.framework.task(id)?.task.info ?? '', /Task uses no resources/);
  });

  it('fails with the message of a launcher that throws, and leaves the others alone', async () => {
    await world.remove();
    world = await World.make({
      launcher: ({ request }) => {
        if (request.key.task_id === 'bad') throw new Error('no image of that name');
        return { name: 'good', command: { value: 'true' } };
      },
    });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
    const bad = newRequest('bad');
    const good = newRequest('good');
    await world.submit(bad, good);
    await world.offer();
    assert.equal(world.state(bad.id), 'failed');
    assert.match(world.framework.task(bad.id)?.task.info ?? '', /no image of that name/);
    assert.equal(world.state(good.id), 'launched');
  });

  it('stays as it is while its agent is unreachable, and goes on when that returns', async () => {
    const { id, task } = await launched();
    await world.report(task, 'TASK_RUNNING');
    world.master.loseAgent('agent-1-id');
    await settle();
    assert.equal(world.state(id), 'running');
    assert.match(world.framework.task(id)?.task.info ?? '', /TASK_UNREACHABLE on agent-1/);
    await world.clock.advance(3_600_000);
    assert.equal(world.state(id), 'running');
    world.master.recoverAgent('agent-1-id');
    await settle();
    assert.equal(world.framework.task(id)?.task.info, '');
    await world.report(task, 'TASK_FINISHED');
    assert.equal(world.state(id), 'finished');
  });

  it('is superseded, however it ends, where its process reports that Airflow runs it elsewhere', async () => {
    const { id, task, receipt } = await redeemed();
    await world.framework.outcome(receipt, 'superseded');
    await world.report(task, 'TASK_FAILED', { message: 'Command exited with status 1' });
    assert.equal(world.state(id), 'superseded');
  });

  describe('kill', () => {
    it('ends what waits at once', async () => {
      const request = newRequest('work');
      await world.submit(request);
      const result = await world.framework.kill(null, [request.id, 'nobody'], 'Killed by ada.');
      assert.deepEqual(result, { killing: [request.id], unknown: ['nobody'] });
      assert.deepEqual(world.told(request.id), ['killed']);
      await world.offer();
      assert.deepEqual(world.master.accepts, []);
    });

    it('repeats KILL until Mesos proves the end', async () => {
      const { id, task } = await redeemed();
      world.master.loseAgent('agent-1-id');
      await settle();
      await world.framework.kill(deployment, [id], 'Killed by ada.');
      await settle();
      await world.clock.advance(300_000);
      assert.equal(world.state(id), 'running');
      world.master.recoverAgent('agent-1-id');
      await world.clock.advance(60_000);
      assert.equal(world.state(id), 'killed');
      assert.match(world.framework.task(id)?.task.info ?? '', /^Killed by ada\. TASK_KILLED on agent-1/);
      assert.equal(world.master.tasks.get(task), undefined);
      const kills = world.master.calls.filter((name) => name === 'KILL').length;
      await world.clock.advance(300_000);
      assert.equal(world.master.calls.filter((name) => name === 'KILL').length, kills);
    });

    it('outlives a restart', async () => {
      const { id } = await redeemed();
      world.master.loseAgent('agent-1-id');
      await settle();
      await world.framework.kill(deployment, [id], 'Killed by ada.');
      await world.restart();
      world.master.recoverAgent('agent-1-id');
      await world.clock.advance(60_000);
      assert.equal(world.state(id), 'killed');
    });

    it('does not reach into another deployment', async () => {
      const { id } = await launched();
      const result = await world.framework.kill('another', [id], '');
      assert.deepEqual(result, { killing: [], unknown: [id] });
      assert.equal(world.state(id), 'launched');
    });

    it('leaves the word to a task that finished before it', async () => {
      const { id, task } = await redeemed();
      world.master.held = true;
      world.master.report(task, 'TASK_FINISHED');
      await world.framework.kill(deployment, [id], 'Killed by ada.');
      world.master.release();
      await settle();
      assert.equal(world.state(id), 'finished');
    });
  });

  describe('revoke', () => {
    it('is certain at once for what waits, for what has not begun, and for what nobody knows', async () => {
      const waiting = newRequest('waiting', { resources: { cpus: 64 } });
      await world.submit(waiting);
      const { id, task } = await launched('unbegun');
      const ticket = world.ticketOf(task);
      await world.report(task, 'TASK_RUNNING');
      const later = newRequest('later');
      const result = await world.framework.revoke(deployment, [waiting.id, id, later.id], 'Stuck in queued.');
      assert.deepEqual(result, { revoked: [waiting.id, id, later.id], running: [] });
      await assert.rejects(world.framework.redeem(ticket, null), { name: 'TicketRefused', why: 'over' });
      await settle();
      assert.equal(world.master.tasks.get(task), undefined, 'its process is killed all the same');
      await world.restart();
      const submitted = await world.framework.submit(deployment, [later, newRequest('other')]);
      assert.equal(submitted.accepted.length, 1);
      assert.match(submitted.refused[0]?.reason ?? '', /revoked/);
    });

    it('kills what has begun, and says that it runs', async () => {
      const { id, task } = await redeemed();
      world.master.held = true;
      const result = await world.framework.revoke(deployment, [id], 'Stuck in queued.');
      assert.deepEqual(result, { revoked: [], running: [id] });
      assert.equal(world.state(id), 'running');
      world.master.release();
      await settle();
      assert.equal(world.state(id), 'killed');
      assert.equal(world.master.tasks.get(task), undefined);
    });
  });

  describe('submit', () => {
    it('may be repeated', async () => {
      const request = newRequest('work');
      await world.submit(request);
      await world.submit(request);
      await world.offer();
      await world.submit(request);
      await world.offer();
      assert.equal(world.master.accepts.length, 1);
      assert.equal(world.framework.tasks({}).length, 1);
    });

    it('refuses what can never run, and only that', async () => {
      const good = newRequest('good');
      const { accepted, refused } = await world.framework.submit(deployment, [
        newRequest('nothing', { resources: { cpus: 0, mem: 0 } }),
        newRequest('less', { resources: { cpus: -1 } }),
        newRequest('half', { resources: { gpus: 0.5 } }),
        good,
      ]);
      assert.deepEqual(accepted, [good.id]);
      assert.equal(refused.length, 3);
    });

    it('gives what is left out the default', async () => {
      const request = newRequest('work', { resources: { mem: 77 } });
      await world.submit(request);
      assert.deepEqual(world.framework.task(request.id)?.task.resources, {
        cpus: 1,
        mem: 77,
        disk: 0,
        gpus: 0,
      });
    });

    it('supersedes an older request of the same try that waits or has not begun', async () => {
      const waiting = newRequest('same');
      await world.submit(waiting);
      const unbegun = newRequest('same');
      await world.submit(unbegun);
      await world.offer();
      const ticket = world.ticketOf(`${unbegun.id}.1`);
      const newest = newRequest('same');
      await world.submit(newest);
      assert.deepEqual(world.told(waiting.id), ['superseded']);
      assert.deepEqual(world.told(unbegun.id), ['launched', 'superseded']);
      await assert.rejects(world.framework.redeem(ticket, null), { why: 'over' });
      await world.offer();
      assert.equal(world.state(newest.id), 'launched');
    });

    it('lets a newer request wait for the end of an older one that has begun', async () => {
      const { id, task } = await redeemed('same');
      world.master.held = true;
      const newer = newRequest('same');
      await world.submit(newer);
      await world.offer();
      assert.equal(world.state(newer.id), 'queued');
      assert.match(world.framework.task(newer.id)?.task.waits ?? '', /earlier run/);
      world.master.release();
      await world.clock.advance(9_000);
      assert.ok(world.master.tasks.has(task), 'it may end by itself');
      await world.clock.advance(1_000);
      assert.equal(world.state(id), 'superseded');
      assert.equal(world.master.tasks.get(task), undefined);
      await world.offer();
      assert.equal(world.state(newer.id), 'launched');
    });

    it('does not mix tries, map indexes and deployments up', async () => {
      const key = newRequest('same').key;
      const requests = [
        newRequest('same'),
        newRequest('same', { key: { ...key, try_number: 2 } }),
        newRequest('same', { key: { ...key, map_index: 0 } }),
      ];
      await world.submit(...requests);
      await world.framework.submit('another', [newRequest('same')]);
      assert.deepEqual(
        requests.map(({ id }) => world.state(id)),
        ['queued', 'queued', 'queued'],
      );
    });
  });
});
