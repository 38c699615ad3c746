import assert from 'node:assert/strict';
import { encodeRecord } from '../../../src/mesos/recordio.ts';
import type { SchedulerClient } from '../../../src/mesos/scheduler.ts';
import { recordedEvents, recordedSubscribed } from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import { openStream, send, subscribe } from './scriptedServer.ts';
import { closeSessions, disconnected, frameworkInfo, session, stream, subscribed } from './subscribing.ts';

/** All that the client tells from now on, by the wire's names. */
function listen(client: SchedulerClient): { type: string; told: unknown }[] {
  const heard: { type: string; told: unknown }[] = [];
  const hear = (type: string) => (told?: unknown) => heard.push({ type, told });
  client
    .on('offers', hear('OFFERS'))
    .on('rescind', hear('RESCIND'))
    .on('update', hear('UPDATE'))
    .on('failure', hear('FAILURE'))
    .on('message', hear('MESSAGE'))
    .on('heartbeat', hear('HEARTBEAT'))
    .on('inverseOffers', hear('INVERSE_OFFERS'));
  return heard;
}

describe('SchedulerClient: the subscription and its events', () => {
  afterEach(closeSessions);

  it('subscribes as Mesos wants it', async () => {
    const started = await session((_, response) => subscribe(response, 'stream-1'));
    await subscribed(started);
    const [{ path, headers, call }] = started.master.received as [(typeof started.master.received)[0]];
    assert.equal(path, '/api/v1/scheduler');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.accept, 'application/json');
    assert.equal(headers['mesos-stream-id'], undefined);
    assert.deepEqual(call, { type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } });
    const [told] = started.subscriptions;
    const { framework_id, master_info } = recordedSubscribed().subscribed as {
      framework_id: object;
      master_info: object;
    };
    assert.deepEqual(told, { frameworkId: framework_id, master: master_info, heartbeatSeconds: 15 });
    assert.deepEqual(started.client.frameworkId, framework_id);
    assert.equal(started.client.state, 'subscribed');
  });

  it('gives an id that it was given, in both places', async () => {
    const id = { value: 'mine' };
    const started = await session((_, response) => subscribe(response, 's'), {
      frameworkInfo: { ...frameworkInfo, id },
    });
    await subscribed(started);
    assert.deepEqual(started.master.received[0]?.call, {
      type: 'SUBSCRIBE',
      framework_id: id,
      subscribe: { framework_info: { ...frameworkInfo, id } },
    });
  });

  it('hands on every recorded event, in order and whole', async () => {
    const events = recordedEvents().filter(({ type }) => type !== 'SUBSCRIBED' && type !== 'ERROR');
    assert.ok(events.length > 150, `${events.length} events are recorded`);
    const started = await session((_, response) => openStream(response, 's'));
    const heard = listen(started.client);
    const response = await stream(started);
    send(response, recordedSubscribed(), ...events);
    await until(() => heard.length >= events.length, { what: 'all events' });
    assert.deepEqual(
      heard.map(({ type }) => type),
      events.map(({ type }) => type),
    );
    for (const [at, { type, told }] of heard.entries()) {
      const event = events[at]!;
      if (type === 'UPDATE') assert.deepEqual(told, (event.update as { status: object }).status);
      if (type === 'OFFERS') assert.deepEqual(told, (event.offers as { offers: object }).offers);
      if (type === 'RESCIND') assert.deepEqual(told, (event.rescind as { offer_id: object }).offer_id);
    }
  });

  it('reads events that are split anywhere, within characters too', async () => {
    const status = { task_id: { value: 'größe-日本' }, state: 'TASK_RUNNING', message: 'läuft — 🚀' };
    const started = await session((_, response) => openStream(response, 's'));
    const heard = listen(started.client);
    const response = await stream(started);
    const framed = [recordedSubscribed(), { type: 'UPDATE', update: { status } }, { type: 'HEARTBEAT' }].map(
      (event) => encodeRecord(JSON.stringify(event)),
    );
    response.socket?.setNoDelay(true);
    for (const byte of Buffer.concat(framed)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await until(() => heard.length === 2, { what: 'both events' });
    assert.deepEqual(heard, [
      { type: 'UPDATE', told: status },
      { type: 'HEARTBEAT', told: undefined },
    ]);
  });

  it("decodes an executor's message", async () => {
    const data = Buffer.from([0, 255, 10]);
    const message = {
      agent_id: { value: 'a' },
      executor_id: { value: 'e' },
      data: data.toString('base64'),
    };
    const started = await session((_, response) => subscribe(response, 's', [{ type: 'MESSAGE', message }]));
    const heard = listen(started.client);
    await until(() => heard.length > 0, { what: 'the message' });
    assert.deepEqual(heard[0]?.told, { agentId: { value: 'a' }, executorId: { value: 'e' }, data });
  });

  it('takes an OFFERS without offers, and a FAILURE of an agent alone', async () => {
    const events = [
      { type: 'OFFERS', offers: {} },
      { type: 'FAILURE', failure: { agent_id: { value: 'a' } } },
    ];
    const started = await session((_, response) => subscribe(response, 's', events));
    const heard = listen(started.client);
    await until(() => heard.length === 2, { what: 'both events' });
    assert.deepEqual(heard[0]?.told, []);
    assert.deepEqual(heard[1]?.told, { agentId: { value: 'a' }, executorId: undefined, status: undefined });
  });

  it('tolerates events that it does not know, and tells of them', async () => {
    const strange = [{ type: 'QUOTA_CHANGED', quota: 1 }, { hello: true }, { type: 'toString' }];
    const started = await session((_, response) =>
      subscribe(response, 's', [...strange, { type: 'HEARTBEAT' }]),
    );
    const unknown: object[] = [];
    started.client.on('unknown', (event) => unknown.push(event));
    const heard = listen(started.client);
    await until(() => heard.length > 0, { what: 'the heartbeat after them' });
    assert.deepEqual(unknown, [
      { type: 'unknown', eventType: 'QUOTA_CHANGED', event: strange[0] },
      { type: 'unknown', eventType: undefined, event: strange[1] },
      { type: 'unknown', eventType: 'toString', event: strange[2] },
    ]);
    assert.equal(started.ended.length, 0);
  });

  it('hands on nothing more once a listener has stopped it, though more came in the same chunk', async () => {
    const beats = Array.from({ length: 5 }, () => ({ type: 'HEARTBEAT' }));
    const started = await session((_, response) => subscribe(response, 's', beats));
    const heard = listen(started.client);
    await new Promise<void>((resolve) => {
      started.client.on('heartbeat', () => void started.client.stop().then(resolve));
    });
    assert.equal(heard.length, 1);
    assert.equal(started.ended.length, 0);
    assert.equal(started.client.state, 'idle');
  });

  it('stops hearing through `off`', async () => {
    const started = await session((_, response) => openStream(response, 's'));
    let beats = 0;
    const count = () => beats++;
    const other = listen(started.client);
    started.client.on('heartbeat', count).off('heartbeat', count);
    send(await stream(started), recordedSubscribed(), { type: 'HEARTBEAT' });
    await until(() => other.length > 0, { what: 'the heartbeat' });
    assert.equal(beats, 0);
  });

  const broken: [string, Buffer, string, RegExp][] = [
    ['that is not JSON', encodeRecord('{"type":'), 'BadEventError', /not JSON.*\{"type":/],
    ['that is no object', encodeRecord('[]'), 'BadEventError', /not a JSON object/],
    ['that is empty', encodeRecord(''), 'BadEventError', /not JSON/],
    ['without its part', encodeRecord('{"type":"UPDATE"}'), 'BadEventError', /UPDATE without update.status/],
    ['without a length', Buffer.from('{"type":"HEARTBEAT"}'), 'BadRecordLengthError', /length/],
    ['above the cap', encodeRecord('x'.repeat(5001)), 'RecordTooLongError', /5001/],
  ];
  for (const [what, record, name, reason] of broken) {
    it(`ends the stream over a record ${what}, says so, and makes it anew`, async () => {
      const started = await session(
        ({ headers }, response) => {
          assert.equal(headers['mesos-stream-id'], undefined);
          subscribe(response, 's');
          if (started.master.received.length === 1) response.write(record);
        },
        { maxRecordLength: 5000 },
      );
      const { cause, reason: told, fatal } = await disconnected(started);
      assert.equal(cause?.name, name);
      assert.match(told, reason);
      assert.equal(fatal, false);
      await subscribed(started, 2);
      assert.deepEqual(
        started.master.of('SUBSCRIBE')[1]?.call.framework_id,
        started.subscriptions[0]?.frameworkId,
      );
    });
  }

  it('tells a stream that ends within a record from one that ends in order', async () => {
    const started = await session((_, response) => {
      subscribe(response, 's');
      const isFirst = started.master.received.length === 1;
      if (isFirst) response.write('20\n{"type"');
      response.end();
    });
    assert.equal((await disconnected(started)).cause?.name, 'TruncatedRecordError');
    assert.equal((await disconnected(started, 1)).cause?.name, 'StreamEndedError');
  });
});
