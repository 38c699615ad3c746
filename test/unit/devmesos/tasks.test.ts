import assert from 'node:assert/strict';
import type { Id, TaskStatus } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: tasks', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  let scheduler: RawScheduler;
  let frameworkId: Id;

  beforeEach(async () => {
    master = await TestMaster.start();
    agent = await master.addAgent();
    scheduler = await RawScheduler.subscribe(master.url);
    frameworkId = await scheduler.id();
  });

  afterEach(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const launch = async (id: string): Promise<void> => {
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(agent.id, id, { value: 'true' })]);
    await agent.message('run');
  };
  const words = (status: TaskStatus): object => {
    const { timestamp, ...rest } = status;
    assert.equal(typeof timestamp, 'number');
    return rest;
  };
  const reconcile = async (...tasks: { task_id: Id; agent_id?: Id }[]): Promise<TaskStatus[]> => {
    const before = scheduler.updates().length;
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } });
    await until(() => scheduler.updates().length > before);
    return scheduler.updates().slice(before);
  };
  interface Tasks {
    tasks: { task_id: Id; state: string; status_update_state?: string }[];
    unreachable_tasks: { task_id: Id; state: string }[];
    completed_tasks: { task_id: Id; state: string }[];
  }
  const getTasks = async (): Promise<Tasks> => {
    const answer = await rawRequest(`${master.url}/api/v1`, 'POST', json, '{"type":"GET_TASKS"}');
    return (JSON.parse(answer.body) as { get_tasks: Tasks }).get_tasks;
  };

  it('passes updates on as they are, and acknowledgements back', async () => {
    await launch('a');
    const sent = agent.update(frameworkId, 'a', 'TASK_RUNNING');
    const got = await scheduler.update('a', 'TASK_RUNNING');
    assert.deepEqual(got, sent);
    await scheduler.acknowledge(got);
    const { taskId, uuid } = await agent.message('acknowledge');
    assert.deepEqual([taskId.value, uuid], ['a', sent.uuid]);
  });

  it('shows a task until its end is acknowledged, but frees its resources at its end', async () => {
    await launch('a');
    assert.deepEqual((await getTasks()).tasks[0]?.state, 'TASK_STAGING');
    agent.update(frameworkId, 'a', 'TASK_FINISHED');
    const end = await scheduler.update('a', 'TASK_FINISHED');
    await scheduler.offersOf(2);
    assert.deepEqual(
      (await getTasks()).tasks.map(({ task_id }) => task_id.value),
      ['a'],
    );
    await scheduler.acknowledge(end);
    const { tasks, completed_tasks: over } = await getTasks();
    assert.deepEqual([tasks.length, over[0]?.task_id.value, over[0]?.state], [0, 'a', 'TASK_FINISHED']);
  });

  it('frees resources when it hears of the end, though an older update is not acknowledged', async () => {
    await launch('a');
    agent.update(frameworkId, 'a', 'TASK_STARTING', 'TASK_FINISHED');
    await scheduler.offersOf(2);
    const [task] = (await getTasks()).tasks;
    assert.deepEqual([task?.state, task?.status_update_state], ['TASK_FINISHED', 'TASK_STARTING']);
  });

  describe('reconciliation', () => {
    it('tells the latest state of all, without a uuid', async () => {
      await launch('a');
      const { container_status } = agent.update(frameworkId, 'a', 'TASK_RUNNING');
      await scheduler.update('a', 'TASK_RUNNING');
      const [status] = await reconcile();
      assert.deepEqual(words(status!), {
        task_id: { value: 'a' },
        state: 'TASK_RUNNING',
        message: 'Reconciliation: Latest task state',
        source: 'SOURCE_MASTER',
        reason: 'REASON_RECONCILIATION',
        agent_id: agent.id,
        container_status,
      });
    });

    const unknown = (state: string, message: string, agentId?: Id): object => ({
      task_id: { value: 'zz' },
      state,
      message: `Reconciliation: ${message}`,
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      ...(agentId ? { agent_id: agentId } : {}),
    });

    it('tells what it knows of those it does not know', async () => {
      const task_id = { value: 'zz' };
      const [nowhere] = await reconcile({ task_id });
      assert.deepEqual(words(nowhere!), unknown('TASK_UNKNOWN', 'Task is unknown'));
      const [here] = await reconcile({ task_id, agent_id: agent.id });
      assert.deepEqual(words(here!), unknown('TASK_GONE', 'Task is unknown to the agent', agent.id));
      const [elsewhere] = await reconcile({ task_id, agent_id: { value: 'bogus' } });
      assert.deepEqual(words(elsewhere!), unknown('TASK_UNKNOWN', 'Task is unknown', { value: 'bogus' }));
    });

    it('is what a KILL of an unknown task does', async () => {
      await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'zz' } } });
      assert.deepEqual(
        words(await scheduler.update('zz', 'TASK_UNKNOWN')),
        unknown('TASK_UNKNOWN', 'Task is unknown'),
      );
    });

    it('tells TASK_LOST where the framework knows nothing newer', async () => {
      const old = await RawScheduler.subscribe(master.url, { user: 'root', name: 'old' });
      await old.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'zz' } }] } });
      await old.update('zz', 'TASK_LOST');
      old.disconnect();
    });
  });

  it('passes a KILL on, with its policy, but not for another agent', async () => {
    await launch('a');
    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'a' }, agent_id: { value: 'bogus' } } });
    const kill_policy = { grace_period: { nanoseconds: 1_000_000_000 } };
    await scheduler.call({
      type: 'KILL',
      kill: { task_id: { value: 'a' }, agent_id: agent.id, kill_policy },
    });
    await agent.message('kill');
    const kills = agent.messages.filter(({ type }) => type === 'kill');
    assert.equal(kills.length, 1);
    assert.deepEqual(kills[0], {
      type: 'kill',
      frameworkId,
      taskId: { value: 'a' },
      killPolicy: kill_policy,
    });
  });

  it('ends the tasks of a framework that is removed', async () => {
    await launch('a');
    await scheduler.call({ type: 'TEARDOWN' });
    assert.deepEqual((await agent.message('shutdown-framework')).frameworkId, frameworkId);
    assert.equal((await getTasks()).completed_tasks[0]?.state, 'TASK_KILLED');
  });

  it('has agents send again what is not acknowledged when a framework fails over', async () => {
    const fresh = await RawScheduler.subscribe(master.url, { ...modern, id: frameworkId });
    await fresh.event('SUBSCRIBED');
    await until(() => agent.messages.filter(({ type }) => type === 'framework').length >= 2);
    fresh.disconnect();
  });

  describe('when an agent is lost', () => {
    /** Nobody answers pings: the sixth finds five unanswered. */
    const pingTimeout = (): void => {
      for (let ping = 0; ping < 6; ping += 1) master.clock.advance(15_000);
    };

    it('waits for the ping timeout, then tells TASK_UNREACHABLE and FAILURE, and RESCINDs', async () => {
      await launch('a');
      agent.update(frameworkId, 'a', 'TASK_RUNNING');
      await scheduler.update('a', 'TASK_RUNNING');
      for (let ping = 0; ping < 5; ping += 1) master.clock.advance(15_000);
      await until(() => scheduler.offers.length > 1);
      assert.equal(scheduler.updates('a').length, 1);
      master.clock.advance(15_000);
      const { timestamp, unreachable_time, ...status } = await scheduler.update('a', 'TASK_UNREACHABLE');
      assert.deepEqual(status, {
        task_id: { value: 'a' },
        state: 'TASK_UNREACHABLE',
        message: 'health check timed out',
        source: 'SOURCE_MASTER',
        reason: 'REASON_AGENT_REMOVED',
        agent_id: agent.id,
      });
      assert.ok(Math.abs((timestamp ?? 0) * 1e9 - (unreachable_time?.nanoseconds ?? 0)) < 1e6);
      assert.deepEqual((await scheduler.event('FAILURE')).failure, { agent_id: agent.id });
      await scheduler.event('RESCIND');
      assert.equal((await getTasks()).unreachable_tasks[0]?.task_id.value, 'a');
      const [known] = await reconcile({ task_id: { value: 'a' }, agent_id: agent.id });
      assert.equal(known?.state, 'TASK_UNREACHABLE');
      const [withoutAgent] = await reconcile({ task_id: { value: 'a' } });
      assert.equal(withoutAgent?.state, 'TASK_UNKNOWN');
    });

    it('does nothing while pings are answered', async () => {
      await launch('a');
      for (let ping = 0; ping < 8; ping += 1) {
        master.clock.advance(15_000);
        await until(() => agent.messages.filter(({ type }) => type === 'ping').length > ping);
        agent.pong();
        // An answer to a later request proves that the pong before it has arrived.
        agent.update(frameworkId, 'a', 'TASK_RUNNING');
        await until(() => scheduler.updates('a').length > ping);
      }
      assert.ok(scheduler.updates('a').every(({ state }) => state === 'TASK_RUNNING'));
    });

    it('tells that the tasks go on when it is back', async () => {
      await launch('a');
      agent.update(frameworkId, 'a', 'TASK_RUNNING');
      await scheduler.update('a', 'TASK_RUNNING');
      const [view] = (await getTasks()).tasks;
      pingTimeout();
      await scheduler.update('a', 'TASK_UNREACHABLE');
      const back = await master.addAgent({
        id: agent.id,
        tasks: [{ task: view as never, latestState: 'TASK_RUNNING' }],
      });
      assert.equal(back.id.value, agent.id.value);
      await until(() => scheduler.updates('a').length === 3);
      const status = scheduler.updates('a')[2];
      assert.deepEqual(
        [status?.state, status?.message, status?.reason, status?.uuid],
        ['TASK_RUNNING', 'Unreachable agent re-reregistered', 'REASON_AGENT_REREGISTERED', undefined],
      );
    });

    it('keeps the tasks of a framework with checkpointing when the connection breaks, and loses the others', async () => {
      await launch('kept');
      const plain = await RawScheduler.subscribe(master.url, { ...modern, checkpoint: false });
      await until(() => plain.offers.length > 0 || (master.clock.advance(6000), false));
      await plain.launch([plain.offers[0]!], [taskFor(agent.id, 'lost', { value: 'true' })]);
      await until(() => agent.messages.filter(({ type }) => type === 'run').length === 2);
      agent.disconnect();
      const status = await plain.update('lost', 'TASK_LOST');
      assert.deepEqual(
        [status.message, status.reason, status.uuid],
        ['Agent 127.0.0.1 disconnected', 'REASON_AGENT_DISCONNECTED', undefined],
      );
      assert.equal(scheduler.updates('kept').length, 0);
      plain.disconnect();
    });

    it('asks an agent that is back for tasks that it did not mention, and kills those killed meanwhile', async () => {
      await launch('a');
      agent.disconnect();
      const isActive = async (): Promise<boolean> => {
        const { body } = await rawRequest(`${master.url}/slaves`, 'GET');
        return body.includes('"active":true');
      };
      await until(async () => !(await isActive()));
      await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'a' } } });
      const back = await master.addAgent({ id: agent.id });
      const { tasks } = await back.message('reconcile');
      assert.deepEqual(
        tasks.map(({ taskId }) => taskId.value),
        ['a'],
      );
      await back.message('kill');
    });

    it('tells of an agent that ends for good', async () => {
      await launch('a');
      agent.unregister();
      const status = await scheduler.update('a', 'TASK_LOST');
      assert.equal(status.message, 'Agent 127.0.0.1 removed: the agent unregistered');
      assert.deepEqual((await scheduler.event('FAILURE')).failure, { agent_id: agent.id });
    });
  });

  it('learns tasks and frameworks from agents after its own restart', async () => {
    await launch('a');
    agent.update(frameworkId, 'a', 'TASK_RUNNING');
    await scheduler.update('a', 'TASK_RUNNING');
    const [view] = (await getTasks()).tasks;
    const next = await TestMaster.start();
    try {
      const info = { ...modern, id: frameworkId };
      const again = await RawScheduler.subscribe(next.url, info);
      assert.deepEqual(await again.id(), frameworkId);
      await again.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'a' } }] } });
      await again.update('a', 'TASK_UNKNOWN');
      const back = await next.addAgent({
        id: agent.id,
        tasks: [{ task: view as never, latestState: 'TASK_RUNNING' }],
        frameworks: [info],
      });
      assert.equal((await again.update('a', 'TASK_RUNNING')).message, 'Unknown agent reregistered');
      const [offer] = await again.offersOf(1);
      assert.equal(offer?.resources?.find(({ name }) => name === 'cpus')?.scalar?.value, 3.9);
      back.disconnect();
      again.disconnect();
    } finally {
      await next.close();
    }
  });
});
