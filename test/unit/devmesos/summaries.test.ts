import assert from 'node:assert/strict';
import { json, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

type Summary = Record<string, unknown>;

// What tools ask a master for: how much there is of what.
describe('dev master: summaries', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  let scheduler: RawScheduler;

  before(async () => {
    master = await TestMaster.start();
    agent = await master.addAgent();
    scheduler = await RawScheduler.subscribe(master.url);
    const tasks = ['a', 'b', 'c'].map((id) => taskFor(agent.id, id, { value: 'true' }));
    await scheduler.launch(await scheduler.offersOf(1), tasks);
    await agent.message('run');
    for (const [index, id] of ['a', 'b'].entries()) {
      const status = agent.update(await scheduler.id(), id, index === 0 ? 'TASK_RUNNING' : 'TASK_FINISHED');
      await scheduler.update(id, status.state);
      await scheduler.acknowledge(status);
    }
  });
  after(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const get = async <T>(path: string): Promise<T> =>
    JSON.parse((await rawRequest(`${master.url}${path}`, 'GET')).body) as T;
  const ask = async (call: object): Promise<Summary> =>
    JSON.parse(
      (await rawRequest(`${master.url}/api/v1`, 'POST', json, JSON.stringify(call))).body,
    ) as Summary;

  it('/state-summary counts tasks of agents and frameworks, those that are over too', async () => {
    const { slaves, frameworks, hostname } = await get<{
      hostname: string;
      slaves: Summary[];
      frameworks: Summary[];
    }>('/master/state-summary');
    assert.equal(hostname, '127.0.0.1');
    for (const [one] of [slaves, frameworks]) {
      const { TASK_STAGING, TASK_RUNNING, TASK_FINISHED, TASK_FAILED, TASK_UNREACHABLE } = one!;
      assert.deepEqual(
        [TASK_STAGING, TASK_RUNNING, TASK_FINISHED, TASK_FAILED, TASK_UNREACHABLE],
        [1, 1, 1, 0, 0],
      );
    }
    assert.deepEqual(slaves[0]?.framework_ids, [(await scheduler.id()).value]);
    assert.deepEqual(frameworks[0]?.slave_ids, [agent.id.value]);
    assert.equal(frameworks[0].tasks, undefined);
  });

  it('/tasks, /frameworks and /slaves give what a query asks for', async () => {
    const ids = async (query: string): Promise<unknown[]> =>
      (await get<{ tasks: { id: string }[] }>(`/tasks?${query}`)).tasks.map(({ id }) => id);
    assert.deepEqual((await ids('')).length, 3);
    assert.deepEqual(await ids('task_id=b'), ['b']);
    assert.deepEqual(await ids('framework_id=none'), []);
    assert.deepEqual((await ids('order=asc&limit=1'))[0], 'c', 'nobody was told of it');
    assert.deepEqual((await ids('offset=2')).length, 1);
    const { frameworks } = await get<{ frameworks: unknown[] }>('/frameworks?framework_id=none');
    const { slaves } = await get<{ slaves: unknown[] }>(`/slaves?slave_id=${agent.id.value}`);
    assert.deepEqual([frameworks.length, slaves.length], [0, 1]);
  });

  it('GET_METRICS has them in the order of their names; of operations there are none', async () => {
    const { get_metrics: found } = await ask({ type: 'GET_METRICS', get_metrics: {} });
    const { metrics } = found as { metrics: { name: string; value: number }[] };
    const names = metrics.map(({ name }) => name);
    assert.deepEqual(names, [...names].sort());
    assert.equal(metrics.find(({ name }) => name === 'master/tasks_running')?.value, 1);
    assert.deepEqual(await ask({ type: 'GET_OPERATIONS' }), { type: 'GET_OPERATIONS', get_operations: {} });
  });

  it('RECONCILE_OPERATIONS says what is known of their agents', async () => {
    const operations = [
      { operation_id: { value: 'o1' } },
      { operation_id: { value: 'o2' }, agent_id: agent.id },
      { operation_id: { value: 'o3' }, agent_id: { value: 'none' } },
    ];
    const call = { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } };
    assert.equal((await scheduler.call(call)).status, 202);
    const statuses = await until(() => {
      const found = scheduler.events.flatMap((event) =>
        event.type === 'UPDATE_OPERATION_STATUS' ? [event.update_operation_status.status] : [],
      );
      return found.length >= operations.length && found;
    });
    assert.deepEqual(statuses, [
      {
        operation_id: { value: 'o1' },
        state: 'OPERATION_UNKNOWN',
        message: "Reconciliation: Operation is unknown and no 'agent_id' was provided",
      },
      {
        operation_id: { value: 'o2' },
        state: 'OPERATION_UNKNOWN',
        message: 'Reconciliation: Operation is unknown',
        agent_id: agent.id,
      },
      {
        operation_id: { value: 'o3' },
        state: 'OPERATION_UNKNOWN',
        message: 'Reconciliation: Both operation and agent are unknown',
        agent_id: { value: 'none' },
      },
    ]);
  });
});
