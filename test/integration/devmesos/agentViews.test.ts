import assert from 'node:assert/strict';
import { json, rawRequest, RawScheduler, taskFor, type RawAnswer } from '../../support/rawScheduler.ts';
import { Parts } from './support/parts.ts';

// As the recording has it (test/fixtures/mesos/agent_api.txt), but for what this agent does not measure.
describe('dev agent: what it shows of itself', () => {
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string };
  let framework: string;
  let container: string;

  before(async () => {
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    agent = await parts.startAgent('agent-1');
    scheduler = await RawScheduler.subscribe(parts.masterUrl);
    scheduler.acknowledgeAll();
    ({ value: framework } = await scheduler.id());
    const [offer] = await scheduler.offersOf(1);
    const labels = { labels: [{ key: 'a', value: 'b' }] };
    const task = taskFor(offer!.agent_id, 'hc', { value: 'exec sleep 3201' }, { labels });
    await scheduler.launch([offer!], [task]);
    const { container_status: status } = await scheduler.update('hc', 'TASK_RUNNING');
    container = status?.container_id?.value ?? '';
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
  });

  const call = (type: string, more: object = {}): Promise<RawAnswer> =>
    rawRequest(`${agent.url}/api/v1`, 'POST', json, JSON.stringify({ type, ...more }));
  const get = (path: string): Promise<RawAnswer> => rawRequest(`${agent.url}${path}`, 'GET');
  const read = async <T>(path: string): Promise<T> => JSON.parse((await get(path)).body) as T;

  it('names the executor of a command task', async () => {
    const { body } = await call('GET_EXECUTORS');
    const shared = { type: 'SCALAR', allocation_info: { role: '*' } };
    assert.deepEqual(JSON.parse(body), {
      type: 'GET_EXECUTORS',
      get_executors: {
        executors: [
          {
            executor_info: {
              executor_id: { value: 'hc' },
              framework_id: { value: framework },
              resources: [
                { name: 'cpus', scalar: { value: 0.1 }, ...shared },
                { name: 'mem', scalar: { value: 32 }, ...shared },
              ],
              name: 'Command Executor (Task: hc)',
              source: 'hc',
              labels: { labels: [{ key: 'a', value: 'b' }] },
            },
          },
        ],
      },
    });
    const state = JSON.parse((await call('GET_STATE')).body) as { get_state: { get_executors: object } };
    assert.deepEqual(
      { get_executors: state.get_state.get_executors },
      {
        get_executors: (JSON.parse(body) as { get_executors: object }).get_executors,
      },
    );
  });

  it('lists its containers as tools ask for them, all or some', async () => {
    const [shown, ...others] = await read<Record<string, unknown>[]>('/containers');
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(shown!), [
      ...['container_id', 'executor_id', 'executor_name', 'framework_id', 'source', 'status'],
    ]);
    assert.deepEqual([shown!.container_id, shown!.source], [container, 'hc']);
    assert.deepEqual(await read('/slave(1)/containers'), [shown]);
    for (const query of [`container_id=${container}`, `framework_id=${framework}&executor_id=hc`])
      assert.deepEqual(await read(`/containers?${query}`), [shown], query);
    assert.deepEqual(await read('/containers?container_id=other'), []);
    const refused = await get('/containers?executor_id=hc');
    assert.equal(refused.status, 400);
    assert.match(refused.body, /^Supported query parameters are container_id only, framework_id only, or/);
    assert.deepEqual(await read('/monitor/statistics'), [], 'what processes use is not measured');
  });

  it('tells its metrics by both ways', async () => {
    const snapshot = await read<Record<string, number>>('/metrics/snapshot');
    assert.deepEqual(Object.keys(snapshot), Object.keys(snapshot).sort());
    const wanted = { 'slave/cpus_total': 4, 'slave/mem_total': 4096, 'slave/tasks_running': 1 };
    for (const [name, value] of Object.entries(wanted)) assert.equal(snapshot[name], value, name);
    assert.equal(snapshot['slave/executors_running'], 1);
    assert.ok(snapshot['slave/cpus_used']! > 0 && snapshot['slave/cpus_percent']! > 0);
    const { status, body } = await call('GET_METRICS');
    assert.deepEqual(
      [status, body],
      [400, "Failed to validate agent::Call: Expecting 'get_metrics' to be present"],
    );
    const { get_metrics: told } = JSON.parse((await call('GET_METRICS', { get_metrics: {} })).body) as {
      get_metrics: { metrics: { name: string; value: number }[] };
    };
    assert.deepEqual(told.metrics.map(({ name }) => name).sort(), Object.keys(snapshot));
    assert.equal(told.metrics.find(({ name }) => name === 'slave/tasks_running')?.value, 1);
  });

  it('names the paths of sandboxes, its machine, and keeps no images', async () => {
    const paths = await read<Record<string, string>>('/files/debug');
    const sandbox = paths[`/frameworks/${framework}/executors/hc/runs/latest`] ?? '';
    assert.ok(sandbox.endsWith(`/runs/${container}`), JSON.stringify(paths));
    assert.equal(paths[sandbox], sandbox);
    assert.deepEqual(Object.keys(await read('/system/stats.json')).slice(0, 2), [
      'avg_load_15min',
      'avg_load_1min',
    ]);
    const pruned = await call('PRUNE_IMAGES');
    assert.deepEqual([pruned.status, pruned.body], [200, '']);
  });

  it('looks at how it is asked, and for what, before what it is asked', async () => {
    const ask = async (
      headers: Record<string, string>,
      body = '{"type":"GET_HEALTH"}',
    ): Promise<[number, string]> => {
      const answer = await rawRequest(`${agent.url}/api/v1`, 'POST', headers, body);
      return [answer.status, answer.body];
    };
    const type = { 'Content-Type': 'application/json' };
    assert.deepEqual(await ask({ 'Content-Type': 'text/plain' }), [
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf or application/recordio",
    ]);
    assert.deepEqual(await ask({ ...type, 'Message-Content-Type': 'application/json' }), [
      415,
      "Expecting 'Message-Content-Type' to be not set for non-streaming requests",
    ]);
    assert.deepEqual(await ask({ ...type, Accept: 'text/html' }, 'no JSON'), [
      406,
      "Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio",
    ]);
    assert.deepEqual(
      await ask({ ...type, Accept: 'application/json', 'Message-Accept': 'application/json' }),
      [406, "Expecting 'Message-Accept' to be not set for non-streaming responses"],
    );
    assert.deepEqual(await ask(type, '[]'), [400, 'Expecting a JSON object']);
    assert.deepEqual(await ask({ 'Content-Type': 'application/recordio' }), [
      400,
      "Expecting 'Message-Content-Type' to be set for streaming requests",
    ]);
    const streamed = { 'Content-Type': 'application/recordio', 'Message-Content-Type': 'application/json' };
    assert.deepEqual(await ask(streamed, '21\n{"type":"GET_HEALTH"}'), [
      415,
      "Streaming 'Content-Type' application/recordio is not supported for GET_HEALTH call",
    ]);
    assert.deepEqual(await ask(streamed, ''), [400, 'Received EOF while reading request body']);
  });
});
