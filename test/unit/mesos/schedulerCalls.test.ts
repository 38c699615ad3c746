import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { basicAuthorization, bearerAuthorization } from '../../../src/mesos/authorization.ts';
import { CallLostError, MesosHttpError, NotSubscribedError } from '../../../src/mesos/errors.ts';
import type { SchedulerClient } from '../../../src/mesos/scheduler.ts';
import { recordedExchange } from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import { FakeClock } from './fakeClock.ts';
import { replay, subscribe, type Script } from './scriptedServer.ts';
import { closeSessions, disconnected, frameworkInfo, session, stream, subscribed } from './subscribing.ts';

const id = (value: string) => ({ value });
const accepted = (response: ServerResponse) => replay(response, recordedExchange('ok-revive').resp);

/** Subscribes, and answers each other call as `answer` says. */
function subscribing(answer: Script): Script {
  return (received, response) => {
    if (received.type === 'SUBSCRIBE') subscribe(response, 'stream-1');
    else answer(received, response);
  };
}

describe('SchedulerClient: calls', () => {
  afterEach(closeSessions);

  const status = { task_id: id('t'), agent_id: id('a'), uuid: 'AAAA', state: 'TASK_RUNNING' } as const;
  const filters = { refuse_seconds: 2.5 };
  const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [] } }];
  const wire: [string, (client: SchedulerClient) => Promise<void>, object][] = [
    [
      'accept',
      (client) => client.accept([id('o')], operations, filters),
      { type: 'ACCEPT', accept: { offer_ids: [id('o')], operations, filters } },
    ],
    [
      'accept without filters',
      (client) => client.accept([id('o')], []),
      { type: 'ACCEPT', accept: { offer_ids: [id('o')], operations: [] } },
    ],
    [
      'decline',
      (client) => client.decline([id('o'), id('p')], filters),
      { type: 'DECLINE', decline: { offer_ids: [id('o'), id('p')], filters } },
    ],
    ['revive', (client) => client.revive(), { type: 'REVIVE' }],
    ['revive of a role', (client) => client.revive(['r']), { type: 'REVIVE', revive: { roles: ['r'] } }],
    ['suppress', (client) => client.suppress(), { type: 'SUPPRESS' }],
    [
      'suppress of a role',
      (client) => client.suppress(['r']),
      { type: 'SUPPRESS', suppress: { roles: ['r'] } },
    ],
    ['kill', (client) => client.kill(id('t')), { type: 'KILL', kill: { task_id: id('t') } }],
    [
      'kill with grace',
      (client) => client.kill(id('t'), id('a'), { grace_period: { nanoseconds: 5e9 } }),
      {
        type: 'KILL',
        kill: { task_id: id('t'), agent_id: id('a'), kill_policy: { grace_period: { nanoseconds: 5e9 } } },
      },
    ],
    [
      'shutdown',
      (client) => client.shutdown(id('e'), id('a')),
      { type: 'SHUTDOWN', shutdown: { executor_id: id('e'), agent_id: id('a') } },
    ],
    [
      'acknowledge',
      (client) => client.acknowledge(status),
      { type: 'ACKNOWLEDGE', acknowledge: { agent_id: id('a'), task_id: id('t'), uuid: 'AAAA' } },
    ],
    [
      'reconcile',
      (client) => client.reconcile([{ task_id: id('t') }]),
      { type: 'RECONCILE', reconcile: { tasks: [{ task_id: id('t') }] } },
    ],
    ['reconcile all', (client) => client.reconcile([]), { type: 'RECONCILE', reconcile: { tasks: [] } }],
    [
      'message',
      (client) => client.message(id('a'), id('e'), new Uint8Array([0, 255])),
      { type: 'MESSAGE', message: { agent_id: id('a'), executor_id: id('e'), data: 'AP8=' } },
    ],
    [
      'request',
      (client) => client.request([{ agent_id: id('a') }]),
      { type: 'REQUEST', request: { requests: [{ agent_id: id('a') }] } },
    ],
    [
      'accept of inverse offers',
      (client) => client.acceptInverseOffers([id('i')], filters),
      { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: { inverse_offer_ids: [id('i')], filters } },
    ],
    [
      'decline of inverse offers',
      (client) => client.declineInverseOffers([id('i')]),
      { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: { inverse_offer_ids: [id('i')] } },
    ],
    [
      "acknowledge of an operation's status",
      (client) => client.acknowledgeOperationStatus(id('op'), 'AAAA', id('a')),
      {
        type: 'ACKNOWLEDGE_OPERATION_STATUS',
        acknowledge_operation_status: { operation_id: id('op'), uuid: 'AAAA', agent_id: id('a') },
      },
    ],
    [
      'reconcile of operations',
      (client) => client.reconcileOperations([{ operation_id: id('op') }]),
      { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [{ operation_id: id('op') }] } },
    ],
    ['teardown', (client) => client.teardown(), { type: 'TEARDOWN' }],
  ];

  it('are sent as Mesos expects them, with the stream id and the framework id', async () => {
    const started = await session(subscribing((_, response) => accepted(response)));
    await subscribed(started);
    for (const [, call] of wire) await call(started.client);
    const calls = started.master.received.slice(1);
    assert.equal(calls.length, wire.length);
    for (const [at, [what, , body]] of wire.entries()) {
      const { call, headers, path } = calls[at]!;
      assert.deepEqual(call, { ...body, framework_id: started.client.frameworkId }, what);
      assert.equal(headers['mesos-stream-id'], 'stream-1', what);
      assert.equal(path, '/api/v1/scheduler');
    }
  });

  it('go one by one over one connection, another than the stream, each after the answer to the one before', async () => {
    const waiting: ServerResponse[] = [];
    const started = await session(subscribing((_, response) => void waiting.push(response)));
    await subscribed(started);
    const count = 20;
    const answered: number[] = [];
    const calls = Array.from({ length: count }, (_, at) =>
      started.client.kill(id(`t${at}`)).then(() => answered.push(at)),
    );
    for (let at = 0; at < count; at++) {
      await until(() => waiting.length === at + 1, { everyMs: 1, what: `call ${at}` });
      // Were more under way, they would be here within this round of the event loop, on whatever connection.
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(waiting.length, at + 1);
      assert.equal(answered.length, at);
      accepted(waiting[at]!);
    }
    await Promise.all(calls);
    const [subscription, ...kills] = started.master.received;
    assert.deepEqual(
      kills.map(({ call }) => (call.kill as { task_id: { value: string } }).task_id.value),
      Array.from({ length: count }, (_, at) => `t${at}`),
    );
    assert.equal(new Set(kills.map(({ connection }) => connection)).size, 1);
    assert.notEqual(kills[0]?.connection, subscription?.connection);
    assert.deepEqual(
      answered,
      Array.from({ length: count }, (_, at) => at),
    );
  });

  it('can be made by the listener that hears of the subscription', async () => {
    const started = await session(subscribing((_, response) => accepted(response)));
    let call: Promise<void> | undefined;
    started.client.on('subscribed', () => {
      call = started.client.reconcile([]);
    });
    await subscribed(started);
    await call;
    assert.equal(started.master.of('RECONCILE').length, 1);
  });

  it('are not made for an update that must not be acknowledged', async () => {
    const started = await session(subscribing((_, response) => accepted(response)));
    await subscribed(started);
    await started.client.acknowledge({ task_id: id('t'), agent_id: id('a'), state: 'TASK_ERROR' });
    await started.client.revive();
    assert.deepEqual(
      started.master.received.map(({ type }) => type),
      ['SUBSCRIBE', 'REVIVE'],
    );
  });

  it('reject before there is a subscription, and after `stop`', async () => {
    const started = await session(() => undefined);
    const refused = (error: unknown) => error instanceof NotSubscribedError && error.call === 'REVIVE';
    await assert.rejects(started.client.revive(), refused);
    started.master.script = subscribing((_, response) => accepted(response));
    await started.client.stop();
    await assert.rejects(started.client.revive(), refused);
    started.client.start();
    await subscribed(started);
    const stopped = started.client.stop();
    await assert.rejects(started.client.revive(), refused);
    await stopped;
    assert.equal(started.master.of('REVIVE').length, 0);
  });

  it('reject with what the master says where it refuses, and leave the others and the stream alone', async () => {
    const started = await session(
      subscribing(({ type }, response) =>
        type === 'KILL' ? replay(response, recordedExchange('kill-missing-taskid').resp) : accepted(response),
      ),
    );
    await subscribed(started);
    const kill = started.client.kill(id(''));
    const revive = started.client.revive();
    await assert.rejects(
      kill,
      (error) =>
        error instanceof MesosHttpError &&
        error.status === 400 &&
        error.body === recordedExchange('kill-missing-taskid').resp.body,
    );
    await revive;
    assert.equal(started.ended.length, 0);
    assert.equal(started.client.state, 'subscribed');
  });

  for (const [what, answer] of [
    ['403, not subscribed', recordedExchange('after-disconnect').resp],
    [
      '307, to another master',
      { status: 307, headers: { Location: '//127.0.0.1:1/master/api/v1' }, body: '' },
    ],
    ['503, no leader', { status: 503, headers: {}, body: 'No leader elected' }],
  ] as const) {
    it(`that are answered by ${what}, end a subscription that the master no longer has`, async () => {
      const started = await session(subscribing((_, response) => replay(response, answer)));
      await subscribed(started);
      await assert.rejects(
        started.client.revive(),
        (error) => error instanceof MesosHttpError && error.status === answer.status,
      );
      const { cause, fatal } = await disconnected(started);
      assert.ok(cause instanceof MesosHttpError);
      assert.equal(fatal, false);
      await subscribed(started, 2);
    });
  }

  it('are never sent twice: where the connection breaks, all is made anew and every caller is told', async () => {
    const started = await session(subscribing((_, response) => response.socket?.destroy()));
    await subscribed(started);
    const calls = [started.client.accept([id('o')], []), started.client.kill(id('t'))];
    const [accept, kill] = (await Promise.allSettled(calls)).map((result) =>
      result.status === 'rejected' ? (result.reason as unknown) : undefined,
    );
    assert.ok(accept instanceof CallLostError && accept.call === 'ACCEPT' && accept.sent);
    assert.ok(kill instanceof CallLostError && kill.call === 'KILL' && !kill.sent);
    assert.equal((await disconnected(started)).cause?.name, 'MesosUnreachableError');
    await subscribed(started, 2);
    assert.equal(started.master.of('ACCEPT').length, 1);
    assert.equal(started.master.of('KILL').length, 0);
  });

  it('use a new connection without a word where the master closed an idle one', async () => {
    const started = await session(
      subscribing((_, response) => {
        response.setHeader('Connection', 'close');
        accepted(response);
      }),
    );
    await subscribed(started);
    await started.client.revive();
    await started.client.suppress();
    assert.equal(started.ended.length, 0);
    const [, revive, suppress] = started.master.received;
    assert.notEqual(revive?.connection, suppress?.connection);
  });

  it('that get no answer end the subscription', async () => {
    const clock = new FakeClock();
    const started = await session(
      subscribing(() => undefined),
      { clock, answerMs: 20_000 },
    );
    await subscribed(started);
    const revive = assert.rejects(
      started.client.revive(),
      (error) => error instanceof CallLostError && error.sent,
    );
    await until(() => started.master.of('REVIVE').length === 1, { what: 'the call' });
    clock.advance(19_999);
    assert.equal(started.client.state, 'subscribed');
    clock.advance(1);
    await revive;
    assert.equal((await disconnected(started)).cause?.name, 'NoAnswerError');
  });

  it('under way or waiting are dropped when the stream ends', async () => {
    const started = await session(subscribing(() => undefined));
    await subscribed(started);
    const calls = [started.client.accept([id('o')], []), started.client.kill(id('t'))];
    const settled = Promise.allSettled(calls);
    await until(() => started.master.of('ACCEPT').length === 1, { what: 'the call' });
    (await stream(started)).end();
    assert.deepEqual(
      (await settled).map((result) => result.status === 'rejected' && result.reason instanceof CallLostError),
      [true, true],
    );
    await subscribed(started, 2);
    assert.equal(started.master.of('KILL').length, 0);
  });

  it('under way or waiting are dropped by `stop`', async () => {
    const started = await session(subscribing(() => undefined));
    await subscribed(started);
    const settled = Promise.allSettled([started.client.revive(), started.client.suppress()]);
    await until(() => started.master.of('REVIVE').length === 1, { what: 'the call' });
    await started.client.stop();
    for (const result of await settled) {
      assert.ok(result.status === 'rejected' && result.reason instanceof CallLostError);
      assert.equal((result.reason.cause as Error).name, 'StoppedError');
    }
    await until(() => started.master.sockets.size === 0, { what: 'the end of all connections' });
    assert.equal(started.ended.length, 0);
  });

  it('carry the credentials, asked for each time', async () => {
    let token = 0;
    const started = await session(
      subscribing((_, response) => accepted(response)),
      { authorization: bearerAuthorization(() => Promise.resolve(`token-${++token}`)) },
    );
    await subscribed(started);
    await started.client.revive();
    await started.client.revive();
    assert.deepEqual(
      started.master.received.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2', 'Bearer token-3'],
    );
    assert.equal(await basicAuthorization('alice', 'pä:ss')(), 'Basic YWxpY2U6cMOkOnNz');
  });

  it('reject where no credentials are to be had, and the next may succeed', async () => {
    let works = true;
    const started = await session(
      subscribing((_, response) => accepted(response)),
      {
        authorization: () => {
          if (works) return 'Bearer x';
          throw new Error('no token today');
        },
      },
    );
    await subscribed(started);
    works = false;
    await assert.rejects(started.client.revive(), /no token today/);
    works = true;
    await started.client.suppress();
    assert.equal(started.master.of('REVIVE').length, 0);
    assert.equal(started.ended.length, 0);
  });

  it('update the framework for later subscriptions too', async () => {
    const started = await session(
      subscribing((_, response) => replay(response, recordedExchange('update-framework-ok').resp)),
    );
    await subscribed(started);
    const renamed = { ...frameworkInfo, name: 'renamed', id: started.client.frameworkId! };
    await started.client.updateFramework({ ...frameworkInfo, name: 'renamed' }, ['*']);
    assert.deepEqual(started.master.of('UPDATE_FRAMEWORK')[0]?.call.update_framework, {
      framework_info: renamed,
      suppressed_roles: ['*'],
    });
    (await stream(started)).end();
    await subscribed(started, 2);
    assert.deepEqual(started.master.of('SUBSCRIBE')[1]?.call.subscribe, { framework_info: renamed });
  });

  it('that update the framework in vain change nothing', async () => {
    const started = await session(
      subscribing((_, response) => replay(response, recordedExchange('update-framework-bad').resp)),
    );
    await subscribed(started);
    await assert.rejects(started.client.updateFramework({ ...frameworkInfo, user: 'other' }), MesosHttpError);
    (await stream(started)).end();
    await subscribed(started, 2);
    assert.deepEqual(started.master.of('SUBSCRIBE')[1]?.call.subscribe, {
      framework_info: { ...frameworkInfo, id: started.client.frameworkId },
    });
  });

  describe('teardown', () => {
    it('is the end, told as such, and nothing is tried after it', async () => {
      const started = await session(
        subscribing((_, response) => {
          accepted(response);
          started.master.streams[0]?.end();
        }),
      );
      await subscribed(started);
      await started.client.teardown();
      const { fatal, cause } = await disconnected(started);
      assert.equal(fatal, true);
      assert.equal(cause?.name, 'FrameworkRemovedError');
      assert.equal(started.client.state, 'refused');
      assert.equal(started.master.of('SUBSCRIBE').length, 1);
    });

    it('succeeds though the stream ends before the answer comes', async () => {
      const started = await session(subscribing(() => started.master.streams[0]?.end()));
      await subscribed(started);
      await started.client.teardown();
      assert.equal((await disconnected(started)).fatal, true);
    });

    it('that is refused leaves the subscription as it was', async () => {
      const started = await session(
        subscribing((_, response) => replay(response, recordedExchange('no-stream-id').resp)),
      );
      await subscribed(started);
      await assert.rejects(started.client.teardown(), MesosHttpError);
      (await stream(started)).end();
      assert.equal((await disconnected(started)).fatal, false);
      await subscribed(started, 2);
    });
  });
});
