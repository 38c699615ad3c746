import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { RecordDecoder } from '../../../../src/mesos/recordio.ts';
import { ProtobufCodec } from '../../../../src/devmesos/protobuf/codec.ts';
import type { RunningAgent } from '../../../../src/devmesos/agent/start.ts';
import type { ExecutorInfo } from '../../../../src/mesos/types.ts';
import { modern, rawRequest, RawScheduler, taskFor } from '../../../support/rawScheduler.ts';
import { until } from '../../../support/until.ts';
import { Cluster } from '../conformance/support/cluster.ts';

const protobuf = { 'Content-Type': 'application/x-protobuf', Accept: 'application/x-protobuf' };

describe('dev agent: executors in protobuf, and with tokens', () => {
  const codec = new ProtobufCodec();
  let cluster: Cluster;
  let agent: RunningAgent;
  let scheduler: RawScheduler;
  const requests: http.ClientRequest[] = [];

  const start = async (credentials?: ReadonlyMap<string, string>): Promise<object> => {
    cluster = await Cluster.start();
    agent = await cluster.addAgent(undefined, '', { credentials });
    scheduler = await RawScheduler.subscribe(cluster.url, modern);
    const executor: ExecutorInfo = {
      executor_id: { value: 'e' },
      command: { value: 'env > env.txt; mv env.txt env; exec sleep 1000' },
      data: Buffer.from([0, 255]).toString('base64'),
    };
    const offers = await scheduler.offersOf(1);
    await scheduler.launch(offers, [taskFor(offers[0]!.agent_id, 't', undefined, { executor })]);
    return { executor_id: executor.executor_id, framework_id: await scheduler.id() };
  };

  afterEach(async () => {
    for (const request of requests.splice(0)) request.destroy();
    scheduler.disconnect();
    await cluster.stop();
  });

  const post = (call: object, headers: Record<string, string> = {}) =>
    rawRequest(
      `${agent.url}/api/v1/executor`,
      'POST',
      { ...protobuf, ...headers },
      Buffer.from(codec.encode('executor.Call', call)),
    );
  const subscribe = async (ids: object): Promise<unknown[]> => {
    const events: unknown[] = [];
    const decoder = new RecordDecoder((record) => events.push(codec.decode('executor.Event', record)));
    // Until the executor's start has come to the agent it is not known there.
    const probe = { ...ids, type: 'MESSAGE', message: { data: '' } };
    await until(async () => (await post(probe)).status === 403, { what: 'the executor' });
    const request = http.request(`${agent.url}/slave(1)/api/v1/executor`, {
      method: 'POST',
      headers: protobuf,
      agent: false,
    });
    requests.push(request);
    request.on('error', () => undefined);
    request.end(codec.encode('executor.Call', { ...ids, type: 'SUBSCRIBE', subscribe: {} }));
    const response = await new Promise<http.IncomingMessage>((resolve) => request.on('response', resolve));
    assert.equal(response.headers['content-type'], 'application/x-protobuf');
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    response.on('error', () => undefined);
    return events;
  };

  it('are told all in the form in which they subscribed, without what is unset', async () => {
    const ids = await start();
    const events = await subscribe(ids);
    await until(() => events.length === 2, { what: 'SUBSCRIBED and LAUNCH' });
    const [subscribed, launched] = events as [
      { subscribed: { executor_info: ExecutorInfo; container_id: object; agent_info: object } },
      { launch: { task: { task_id: object; executor: ExecutorInfo } } },
    ];
    const { executor_info: info } = subscribed.subscribed;
    assert.deepEqual(Buffer.from(info.data ?? '', 'base64'), Buffer.from([0, 255]));
    assert.ok(!('shell' in (info.command ?? {})), 'a default stays off the wire');
    assert.deepEqual(launched.launch.task.task_id, { value: 't' });

    const status = {
      task_id: { value: 't' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: 'gc7CmJWjR2exO3xdgIMtXA==',
    };
    assert.equal((await post({ ...ids, type: 'UPDATE', update: { status } })).status, 202);
    assert.equal((await scheduler.update('t', 'TASK_RUNNING')).uuid, status.uuid);
    const acknowledged = await until(() => events[2], { what: 'ACKNOWLEDGED' });
    assert.deepEqual(acknowledged, {
      type: 'ACKNOWLEDGED',
      acknowledged: { task_id: status.task_id, uuid: status.uuid },
    });
    await scheduler.call({ type: 'KILL', kill: { task_id: status.task_id } });
    assert.deepEqual(await until(() => events[3], { what: 'KILL' }), {
      type: 'KILL',
      kill: { task_id: status.task_id },
    });
  });

  it('are refused in the words of the real one', async () => {
    await start();
    const refused = await rawRequest(
      `${agent.url}/api/v1/executor`,
      'POST',
      protobuf,
      Buffer.from([255, 255]),
    );
    assert.deepEqual([refused.status, refused.body], [400, 'Failed to parse body into Call protobuf']);
  });

  it('prove themselves with the token that only they were told, where there is a login', async () => {
    const ids = await start(new Map([['me', 'secret']]));
    const call = { ...ids, type: 'MESSAGE', message: { data: '' } };
    const { status, headers } = await post(call);
    assert.equal(status, 401);
    assert.equal(headers['www-authenticate'], 'Bearer realm="mesos-agent-executor"');
    assert.equal((await post(call, { Authorization: 'Bearer guessed' })).status, 401);
    const frameworkId = (await scheduler.id()).value;
    const executor = path.join('slaves', await agent.registered, 'frameworks', frameworkId, 'executors', 'e');
    const file = path.join(cluster.folder, 'agent1', 'work', executor, 'runs', 'latest', 'env');
    const environment = await until(() => readFile(file, 'utf8'), { what: "the executor's environment" });
    const [, token = ''] = /^MESOS_EXECUTOR_AUTHENTICATION_TOKEN=(.+)$/m.exec(environment) ?? [];
    const own = { Authorization: `Bearer ${token}` };
    const answer = await post(call, own);
    assert.deepEqual([answer.status, answer.body], [403, 'Executor is not subscribed']);
  });
});
