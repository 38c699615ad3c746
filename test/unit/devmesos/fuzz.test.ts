import assert from 'node:assert/strict';
import http from 'node:http';
import { json, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { Cluster } from './conformance/support/cluster.ts';
import { Nonsense } from './support/nonsense.ts';
import { TestMaster } from './support/testMaster.ts';

// Nothing that a client sends may stop a master: calls with parts replaced by nonsense, at random from a seed that is told.
describe('dev master: nonsense', () => {
  it('is answered, and stops nothing', async () => {
    const nonsense = new Nonsense();
    const master = await TestMaster.start();
    const agent = await master.addAgent();
    const scheduler = await RawScheduler.subscribe(master.url);
    const [offer] = await scheduler.offersOf(1);
    const task = taskFor(agent.id, 't', { value: 'true' });
    const executor = {
      executor_id: { value: 'e' },
      framework_id: await scheduler.id(),
      type: 'CUSTOM',
      command: { value: 'true', environment: { variables: [{ name: 'A', value: 'b' }] } },
      resources: task.resources,
      shutdown_grace_period: { nanoseconds: 1 },
    };
    const own = { ...taskFor(agent.id, 'own', undefined), executor };
    const group = { executor, task_group: { tasks: [own, { ...own, task_id: { value: 'other' } }] } };
    const operations = [
      { type: 'LAUNCH', launch: { task_infos: [own] } },
      { type: 'LAUNCH_GROUP', launch_group: group },
    ];
    const calls: Record<string, unknown>[] = [
      { type: 'ACCEPT', accept: { offer_ids: [offer!.id], operations } },
      { type: 'MESSAGE', message: { agent_id: agent.id, executor_id: { value: 'e' }, data: 'YQ==' } },
      { type: 'SHUTDOWN', shutdown: { agent_id: agent.id, executor_id: { value: 'e' } } },
      {
        type: 'ACCEPT',
        accept: { offer_ids: [offer!.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
      },
      { type: 'DECLINE', decline: { offer_ids: [offer!.id], filters: { refuse_seconds: 1 } } },
      {
        type: 'KILL',
        kill: {
          task_id: { value: 't' },
          agent_id: agent.id,
          kill_policy: { grace_period: { nanoseconds: 1 } },
        },
      },
      { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id: agent.id }] } },
      { type: 'ACKNOWLEDGE', acknowledge: { agent_id: agent.id, task_id: { value: 't' }, uuid: 'YWJj' } },
      { type: 'REVIVE', revive: { roles: ['*'] } },
      {
        type: 'UPDATE_FRAMEWORK',
        update_framework: { framework_info: { user: 'root', name: 'x', roles: ['a'] } },
      },
    ];
    try {
      for (let round = 0; round < 200; round += 1) {
        const { type, ...body } = nonsense.pick(calls);
        const call = { type, framework_id: await scheduler.id(), ...(nonsense.spoil(body) as object) };
        const text = nonsense.textOf(call);
        const headers = { ...json, 'Mesos-Stream-Id': scheduler.streamId };
        const answer = await rawRequest(`${master.url}/api/v1/scheduler`, 'POST', headers, text);
        assert.ok([200, 202, 400].includes(answer.status), `${answer.status} ${answer.body} to ${text}`);
        if (round % 20 === 0) master.clock.advance(1000);
      }
      assert.equal((await rawRequest(`${master.url}/state`, 'GET')).status, 200);
      assert.ok(!scheduler.closed);
    } catch (error) {
      throw new Error(`with FUZZ_SEED=${nonsense.seed}`, { cause: error });
    } finally {
      scheduler.disconnect();
      await master.close();
    }
  });
});

describe('dev agent: nonsense of executors', () => {
  it('is answered, and stops nothing', async () => {
    const nonsense = new Nonsense();
    const cluster = await Cluster.start();
    const scheduler = await RawScheduler.subscribe(cluster.url);
    try {
      const agent = await cluster.addAgent();
      const offers = await scheduler.offersOf(1);
      const executor = { executor_id: { value: 'e' }, command: { value: 'exec sleep 1000' } };
      const task = taskFor(offers[0]!.agent_id, 't', undefined, { executor });
      await scheduler.launch(offers, [task]);
      const ids = { executor_id: executor.executor_id, framework_id: await scheduler.id() };
      const url = `${agent.url}/api/v1/executor`;
      const send = (text: string): Promise<number> => statusOf(url, text);
      await until(
        async () => (await send(JSON.stringify({ ...ids, type: 'MESSAGE', message: { data: '' } }))) === 403,
        {
          what: 'the executor',
        },
      );
      const status = {
        ...{ task_id: task.task_id, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
        ...{ uuid: 'gc7CmJWjR2exO3xdgIMtXA==', timestamp: 1, healthy: true, message: 'm', data: 'YQ==' },
        container_status: { network_infos: [{ ip_addresses: [{ ip_address: '10.0.0.1' }] }] },
      };
      const subscribe = { unacknowledged_tasks: [task], unacknowledged_updates: [{ status }] };
      const calls: Record<string, unknown>[] = [
        { type: 'SUBSCRIBE', subscribe },
        { type: 'UPDATE', update: { status } },
        { type: 'MESSAGE', message: { data: 'YQ==' } },
      ];
      for (let round = 0; round < 200; round += 1) {
        const { type, ...body } = nonsense.pick(calls);
        const text = nonsense.textOf({ ...ids, type, ...(nonsense.spoil(body) as object) });
        const code = await send(text);
        assert.ok([200, 202, 400, 403].includes(code), `${code} to ${text}`);
      }
      assert.equal((await rawRequest(`${agent.url}/state`, 'GET')).status, 200);
      assert.equal((await rawRequest(`${cluster.url}/state`, 'GET')).status, 200);
    } catch (error) {
      throw new Error(`with FUZZ_SEED=${nonsense.seed}`, { cause: error });
    } finally {
      scheduler.disconnect();
      await cluster.stop();
    }
  });
});

/** Of a call whose answer may go on: what goes on is left. */
async function statusOf(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: json, agent: false }, (response) => {
      resolve(response.statusCode ?? 0);
      response.on('error', () => undefined);
      request.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}
