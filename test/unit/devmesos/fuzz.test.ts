import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import type { Offer } from '../../../src/mesos/types.ts';
import { json, rawRequest, RawScheduler, taskFor, type RawAnswer } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { Cluster } from './conformance/support/cluster.ts';
import { Nonsense } from './support/nonsense.ts';

const binary = { 'Content-Type': 'application/x-protobuf', Accept: 'application/x-protobuf' };
const rounds = 200;
/** What Mesos answers with 500. */
const mesosFailures = [
  'Nested container has not terminated yet',
  'Unknown root container',
  'Unknown container',
  'I/O switchboard server was disabled for this container',
];

/** Messages that a real Mesos and its clients sent each other, in their binary form. */
function recordedMessages(): Buffer[] {
  const file = path.join(import.meta.dirname, '../../fixtures/mesos/protobuf.jsonl');
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { protobuf_base64: text } = JSON.parse(line) as { protobuf_base64?: string };
      return text === undefined ? [] : Buffer.from(text, 'base64');
    });
}

// Nothing that a client sends may stop a master or an agent: calls with parts replaced by nonsense, at random from a seed that
// is told.
describe('dev Mesos: nonsense', () => {
  let cluster: Cluster;
  let agentUrl: string;
  let scheduler: RawScheduler;
  let offer: Offer;

  beforeEach(async () => {
    cluster = await Cluster.start();
    agentUrl = (await cluster.addAgent()).url;
    scheduler = await RawScheduler.subscribe(cluster.url);
    offer = (await scheduler.offersOf(1))[0]!;
  });
  afterEach(async () => {
    scheduler.disconnect();
    await cluster.stop();
  });

  /** It was understood or refused, and no fault of ours. */
  const assertAnswered = ({ status, body }: RawAnswer, sent: string | Buffer): void => {
    const isMesos =
      status === 501 || (status === 500 && mesosFailures.some((words) => body.startsWith(words)));
    assert.ok(status < 500 || isMesos, `${status} ${body} to ${JSON.stringify(sent.toString())}`);
  };
  const assertAlive = async (): Promise<void> => {
    assert.equal((await rawRequest(`${cluster.url}/state`, 'GET')).status, 200);
    assert.equal((await rawRequest(`${agentUrl}/state`, 'GET')).status, 200);
    assert.ok(!scheduler.closed);
  };

  it('of schedulers is answered, and stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      const { agent_id } = offer;
      const task = taskFor(agent_id, 't', { value: 'true' });
      const launch = (operation: object): object => ({
        type: 'ACCEPT',
        accept: { offer_ids: [offer.id], operations: [operation] },
      });
      const executor = {
        executor_id: { value: 'e' },
        framework_id: await scheduler.id(),
        type: 'CUSTOM' as const,
        command: { value: 'true', environment: { variables: [{ name: 'A', value: 'b' }] } },
        resources: task.resources ?? [],
        shutdown_grace_period: { nanoseconds: 1 },
      };
      const own = taskFor(agent_id, 'own', undefined, { executor });
      const group = { tasks: [own, { ...own, task_id: { value: 'other' } }] };
      const calls = [
        launch({ type: 'LAUNCH', launch: { task_infos: [task] } }),
        launch({ type: 'LAUNCH', launch: { task_infos: [own] } }),
        launch({ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: group } }),
        launch({ type: 'RESERVE', reserve: { resources: task.resources } }),
        { type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: 1 } } },
        {
          type: 'KILL',
          kill: { task_id: task.task_id, agent_id, kill_policy: { grace_period: { nanoseconds: 1 } } },
        },
        { type: 'SHUTDOWN', shutdown: { executor_id: { value: 'e' }, agent_id } },
        { type: 'MESSAGE', message: { executor_id: { value: 'e' }, agent_id, data: 'YWJj' } },
        { type: 'RECONCILE', reconcile: { tasks: [{ task_id: task.task_id, agent_id }] } },
        { type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id: task.task_id, uuid: 'YWJj' } },
        { type: 'REVIVE', revive: { roles: ['*'] } },
        {
          type: 'UPDATE_FRAMEWORK',
          update_framework: { framework_info: { user: 'root', name: 'x', roles: ['a'] } },
        },
      ] as Record<string, unknown>[];
      for (let round = 0; round < rounds; round += 1) {
        const text = nonsense.callText(nonsense.pick(calls), { framework_id: await scheduler.id() });
        const headers = { ...json, 'Mesos-Stream-Id': scheduler.streamId };
        const answer = await rawRequest(`${cluster.url}/api/v1/scheduler`, 'POST', headers, text);
        assert.ok([200, 202, 400].includes(answer.status), `${answer.status} ${answer.body} to ${text}`);
        if (round % 20 === 0) cluster.master.clock.advance(1000);
      }
      await assertAlive();
    }));

  it('of operators is answered, and stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      const id = { value: 'c', parent: { value: 'p' } };
      const common = [
        { type: 'GET_HEALTH' },
        { type: 'GET_METRICS', get_metrics: { timeout: { nanoseconds: 1 } } },
        { type: 'LIST_FILES', list_files: { path: '/' } },
        { type: 'READ_FILE', read_file: { path: '/', offset: 0, length: 1 } },
      ];
      const ofMaster = [
        ...common,
        { type: 'TEARDOWN', teardown: { framework_id: { value: 'f' } } },
        { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'a' } } },
        {
          type: 'RESERVE_RESOURCES',
          reserve_resources: { agent_id: offer.agent_id, resources: offer.resources },
        },
      ];
      const ofAgent = [
        ...common,
        { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: id } },
        { type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id: id } },
        { type: 'REMOVE_NESTED_CONTAINER', remove_nested_container: { container_id: id } },
        {
          type: 'LAUNCH_NESTED_CONTAINER',
          launch_nested_container: { container_id: id, command: { value: 'true' } },
        },
        {
          type: 'LAUNCH_NESTED_CONTAINER_SESSION',
          launch_nested_container_session: { container_id: id, command: { value: 'true' } },
        },
        { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: id } },
      ];
      for (let round = 0; round < rounds; round += 1) {
        const [url, calls] = nonsense.chance(0.5) ? [cluster.url, ofMaster] : [agentUrl, ofAgent];
        const text = nonsense.callText(nonsense.pick<Record<string, unknown>>(calls));
        assertAnswered(await rawRequest(`${url}/api/v1`, 'POST', json, text), text);
      }
      await assertAlive();
    }));

  it('of executors is answered, and stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      const executor = { executor_id: { value: 'e' }, command: { value: 'exec sleep 1000' } };
      const task = taskFor(offer.agent_id, 't', undefined, { executor });
      await scheduler.launch([offer], [task]);
      const ids = { executor_id: executor.executor_id, framework_id: await scheduler.id() };
      const url = `${agentUrl}/api/v1/executor`;
      const hello = JSON.stringify({ ...ids, type: 'MESSAGE', message: { data: '' } });
      await until(async () => (await begun(url, json, hello)).status === 403, { what: 'the executor' });
      const status = {
        ...{ task_id: task.task_id, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
        ...{ uuid: 'gc7CmJWjR2exO3xdgIMtXA==', timestamp: 1, healthy: true, message: 'm', data: 'YQ==' },
        container_status: { network_infos: [{ ip_addresses: [{ ip_address: '10.0.0.1' }] }] },
      };
      const calls: Record<string, unknown>[] = [
        {
          type: 'SUBSCRIBE',
          subscribe: { unacknowledged_tasks: [task], unacknowledged_updates: [{ status }] },
        },
        { type: 'UPDATE', update: { status } },
        { type: 'MESSAGE', message: { data: 'YQ==' } },
      ];
      for (let round = 0; round < rounds; round += 1) {
        const text = nonsense.callText(nonsense.pick(calls), ids);
        const answer = await begun(url, json, text);
        assert.ok([200, 202, 400, 403].includes(answer.status), `${answer.status} to ${text}`);
      }
      await assertAlive();
    }));

  it('in binary is answered, and stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      const messages = recordedMessages();
      assert.ok(messages.length > 10);
      for (let round = 0; round < rounds; round += 1) {
        const bytes = nonsense.chance(0.2)
          ? nonsense.bytes(nonsense.below(300))
          : nonsense.spoilBytes(nonsense.pick(messages));
        const [url, headers] = nonsense.chance(0.5)
          ? [`${cluster.url}/api/v1/scheduler`, { ...binary, 'Mesos-Stream-Id': scheduler.streamId }]
          : [`${agentUrl}/api/v1/executor`, binary];
        assertAnswered(await begun(url, headers, bytes), bytes);
      }
      await assertAlive();
    }));

  it('in paths leads nowhere, and stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      for (let round = 0; round < rounds; round += 1) {
        const url = nonsense.pick([cluster.url, agentUrl]);
        const place = nonsense.pick([
          '',
          '/files/browse?path=',
          '/files/read?path=',
          '/files/download?path=',
        ]);
        const asked = `${place}${encodeURI(nonsense.path()).replaceAll('#', '%23')}`;
        const answer = await rawRequest(`${url}/${asked.replace(/^\/+/, '')}`, 'GET');
        assertAnswered(answer, asked);
      }
      await assertAlive();
    }));

  it('that is no HTTP stops nothing', () =>
    Nonsense.run(async (nonsense) => {
      const beginnings = [
        '',
        'GET / HTTP/1.1\r\n',
        'POST /api/v1 HTTP/1.1\r\nContent-Length: 99999\r\n\r\n{',
        'CONNECT /agent HTTP/1.1\r\nHost: x\r\n\r\n',
        'POST /api/v1/scheduler HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      ];
      for (let round = 0; round < 50; round += 1) {
        const { port, hostname } = new URL(nonsense.pick([cluster.url, agentUrl]));
        const socket = net.connect(Number(port), hostname);
        // Whoever is not understood is hung up on.
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('connect', resolve));
        await new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.write(
            Buffer.concat([Buffer.from(nonsense.pick(beginnings)), nonsense.bytes(nonsense.below(200))]),
            () => socket.resetAndDestroy(),
          );
        });
      }
      await assertAlive();
    }));
});

/** Asks, and reads no more than how the answer begins: a subscription would go on. */
async function begun(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers, agent: false }, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
      response.on('error', () => undefined);
      request.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}
