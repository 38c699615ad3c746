import assert from 'node:assert/strict';
import type { TaskStatus } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: agents that are given up', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  let scheduler: RawScheduler;

  beforeEach(async () => {
    master = await TestMaster.start({ agentPingTimeout: 1000, maxAgentPingTimeouts: 1 });
    agent = await master.addAgent();
  });
  afterEach(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const markGone = async (id: string): Promise<number> => {
    const call = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: id } } };
    return (await rawRequest(`${master.url}/api/v1`, 'POST', json, JSON.stringify(call))).status;
  };
  /** Subscribes and has a task run. */
  const run = async (info = modern): Promise<void> => {
    scheduler = await RawScheduler.subscribe(master.url, info);
    const offers = await scheduler.offersOf(1);
    await scheduler.launch(offers, [taskFor(agent.id, 'a', { value: 'sleep 1000' })]);
    await agent.message('run');
    agent.update(await scheduler.id(), 'a', 'TASK_RUNNING');
    await scheduler.update('a', 'TASK_RUNNING');
  };
  const told = ({ message, reason, source, uuid }: TaskStatus): unknown => [message, reason, source, uuid];
  const message = 'Agent has been marked gone';

  it('their tasks are over, and they are told to end', async () => {
    await run();
    assert.equal(await markGone(agent.id.value), 200);
    assert.deepEqual(told(await scheduler.update('a', 'TASK_GONE_BY_OPERATOR')), [
      message,
      'REASON_AGENT_REMOVED_BY_OPERATOR',
      'SOURCE_MASTER',
      undefined,
    ]);
    assert.deepEqual((await scheduler.event('FAILURE')).failure, { agent_id: agent.id });
    assert.equal((await agent.message('shutdown')).reason, message);
    const asked = { tasks: [{ task_id: { value: 'a' }, agent_id: agent.id }] };
    const from = scheduler.events.length;
    await scheduler.call({ type: 'RECONCILE', reconcile: asked });
    const { update } = await scheduler.event('UPDATE', from);
    assert.deepEqual(
      [update.status.state, update.status.message],
      ['TASK_GONE_BY_OPERATOR', 'Reconciliation: Task is gone'],
    );
    assert.equal(await markGone(agent.id.value), 200, 'a second time');
  });

  it('a framework that knows no partitions is told of a loss', async () => {
    await run({ ...modern, capabilities: [{ type: 'MULTI_ROLE' }] });
    assert.equal(await markGone(agent.id.value), 200);
    assert.deepEqual(told(await scheduler.update('a', 'TASK_LOST')), [
      message,
      'REASON_AGENT_REMOVED',
      'SOURCE_MASTER',
      undefined,
    ]);
  });

  it('also when they were unreachable', async () => {
    await run();
    master.clock.advance(2000);
    await scheduler.update('a', 'TASK_UNREACHABLE');
    assert.equal(await markGone(agent.id.value), 200);
    await scheduler.update('a', 'TASK_GONE_BY_OPERATOR');
  });
});
