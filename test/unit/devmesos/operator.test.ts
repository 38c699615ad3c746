import assert from 'node:assert/strict';
import http from 'node:http';
import { RecordDecoder } from '../../../src/mesos/recordio.ts';
import type { AgentEntry, FrameworkEntry, Id } from '../../../src/mesos/types.ts';
import { json, rawRequest, RawScheduler, taskFor, type RawAnswer } from '../../support/rawScheduler.ts';
import { recordedOperatorEvents } from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

interface OperatorEvent {
  readonly type: string;
  readonly [body: string]: unknown;
}

describe('dev master: operator API', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  const cleanups: (() => void)[] = [];

  beforeEach(async () => {
    master = await TestMaster.start();
    agent = await master.addAgent({ attributes: 'rack:r7' });
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) cleanup();
    await master.close();
  });

  const subscribe = async (): Promise<RawScheduler> => {
    const scheduler = await RawScheduler.subscribe(master.url);
    cleanups.push(() => scheduler.disconnect());
    return scheduler;
  };
  const ask = (call: object): Promise<RawAnswer> =>
    rawRequest(`${master.url}/api/v1`, 'POST', json, JSON.stringify(call));
  const get = async <T>(type: string): Promise<T> => {
    const answer = JSON.parse((await ask({ type })).body) as Record<string, T>;
    return answer[type.toLowerCase()]!;
  };
  const watch = async (): Promise<{ events: OperatorEvent[]; headers: http.IncomingHttpHeaders }> =>
    new Promise((resolve, reject) => {
      const events: OperatorEvent[] = [];
      const decoder = new RecordDecoder((record) =>
        events.push(JSON.parse(record.toString()) as OperatorEvent),
      );
      const request = http.request(`${master.url}/api/v1`, { method: 'POST', headers: json, agent: false });
      request.on('error', reject);
      request.on('response', (response) => {
        response.on('data', (chunk: Buffer) => decoder.push(chunk));
        response.on('error', () => undefined);
        cleanups.push(() => request.destroy());
        resolve({ events, headers: response.headers });
      });
      request.end('{"type":"SUBSCRIBE"}');
    });
  /** The fields of a recorded event of a type, those in them too. */
  const recordedFields = (type: string): Set<string> =>
    fieldsOf(recordedOperatorEvents().find((event) => event.type === type));

  it('tells of all that happens, as a real master does', async () => {
    const { events, headers } = await watch();
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['mesos-stream-id'], undefined);
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(agent.id, 'a', { value: 'true' })]);
    await agent.message('run');
    agent.update(await scheduler.id(), 'a', 'TASK_STARTING');
    agent.update(await scheduler.id(), 'a', 'TASK_FINISHED');
    await scheduler.update('a', 'TASK_FINISHED');
    await master.addAgent({ port: 5052 });
    agent.unregister();
    await scheduler.call({ type: 'TEARDOWN' });
    await until(() => events.some(({ type }) => type === 'FRAMEWORK_REMOVED'));
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'SUBSCRIBED',
        'HEARTBEAT',
        'FRAMEWORK_ADDED',
        'TASK_ADDED',
        'TASK_UPDATED',
        'TASK_UPDATED',
        'AGENT_ADDED',
        'AGENT_REMOVED',
        'FRAMEWORK_REMOVED',
      ],
    );
    for (const type of ['FRAMEWORK_ADDED', 'TASK_ADDED', 'TASK_UPDATED']) {
      const ours = fieldsOf(events.find((event) => event.type === type));
      // These were set for the recorded task, or for the recorded framework.
      const optional =
        /labels|health_check|^key$|command|seconds|failures|^shell$|protocol|network_infos|ip_address(es)?$/;
      const missing = [...recordedFields(type)].filter((field) => !ours.has(field) && !optional.test(field));
      assert.deepEqual(missing, [], type);
    }
    const [, second] = events.filter(({ type }) => type === 'TASK_UPDATED');
    assert.equal((second?.task_updated as { state: string }).state, 'TASK_FINISHED');
  });

  it('begins the stream with the whole state, and beats', async () => {
    await subscribe();
    const { events } = await watch();
    await until(() => events.length === 2);
    const { subscribed } = events[0] as unknown as {
      subscribed: { get_state: Record<string, object>; heartbeat_interval_seconds: number };
    };
    assert.equal(subscribed.heartbeat_interval_seconds, 15);
    assert.deepEqual(Object.keys(subscribed.get_state), [
      'get_tasks',
      'get_executors',
      'get_frameworks',
      'get_agents',
    ]);
    master.clock.advance(15_000);
    await until(() => events.length === 3);
  });

  it('lists agents with what is offered and used of them', async () => {
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    const offered = (await get<{ agents: AgentEntry[] }>('GET_AGENTS')).agents[0]!;
    assert.equal(offered.offered_resources?.find(({ name }) => name === 'cpus')?.scalar?.value, 4);
    assert.equal(offered.allocated_resources, undefined);
    await scheduler.launch([offer!], [taskFor(agent.id, 'a', { value: 'true' })]);
    const used = (await get<{ agents: AgentEntry[] }>('GET_AGENTS')).agents[0]!;
    assert.deepEqual(used.allocated_resources, [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, role: '*', allocation_info: { role: '*' } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, role: '*', allocation_info: { role: '*' } },
    ]);
    assert.equal(used.offered_resources, undefined);
    assert.deepEqual([used.active, used.version, used.pid], [true, '1.11.0', 'slave(1)@127.0.0.1:5051']);
    const [framework] = (await get<{ frameworks: FrameworkEntry[] }>('GET_FRAMEWORKS')).frameworks;
    assert.deepEqual(framework!.allocated_resources, used.allocated_resources);
  });

  it('tears a framework down', async () => {
    const scheduler = await subscribe();
    const framework_id: Id = await scheduler.id();
    assert.equal((await ask({ type: 'TEARDOWN', teardown: { framework_id } })).status, 200);
    await until(() => scheduler.closed);
    const again = await ask({ type: 'TEARDOWN', teardown: { framework_id } });
    assert.deepEqual([again.status, again.body], [400, 'No framework found with specified ID']);
  });

  it('answers 501 to what it does not do yet', async () => {
    const answer = await ask({ type: 'DRAIN_AGENT', drain_agent: { agent_id: agent.id } });
    assert.deepEqual([answer.status, answer.body], [501, '501 Not Implemented.']);
  });

  it('shows the same in the older endpoints', async () => {
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(agent.id, 'a', { value: 'true' }, { labels: { labels: [] } })]);
    const state = JSON.parse((await rawRequest(`${master.url}/master/state`, 'GET')).body) as {
      slaves: { attributes: object; used_resources: object; resources: object }[];
      frameworks: { tasks: { id: string; state: string; slave_id: string }[] }[];
    };
    assert.deepEqual(state.slaves[0]?.attributes, { rack: 'r7' });
    assert.deepEqual(state.slaves[0].used_resources, { disk: 0, mem: 32, gpus: 0, cpus: 0.1 });
    assert.deepEqual(state.slaves[0].resources, {
      disk: 4096,
      mem: 4096,
      gpus: 0,
      cpus: 4,
      ports: '[31000-31999]',
    });
    const [task] = state.frameworks[0]!.tasks;
    assert.deepEqual([task?.id, task?.state, task?.slave_id], ['a', 'TASK_STAGING', agent.id.value]);
    const roles = JSON.parse((await rawRequest(`${master.url}/roles`, 'GET')).body) as {
      roles: { name: string; allocated: object }[];
    };
    assert.deepEqual(
      roles.roles.map(({ name, allocated }) => [name, allocated]),
      [['*', { mem: 32, cpus: 0.1 }]],
    );
  });
});

function fieldsOf(value: unknown): Set<string> {
  const fields = new Set<string>();
  JSON.stringify(value, (key, part: unknown) => {
    if (/^[a-z]/.test(key)) fields.add(key);
    return part;
  });
  return fields;
}
