import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { Backoff } from '../../../src/mesos/backoff.ts';
import { InvalidAddressError, MesosHttpError } from '../../../src/mesos/errors.ts';
import { SchedulerClient } from '../../../src/mesos/scheduler.ts';
import { recordedExchange, recordedStreams, recordedSubscribed } from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import { FakeClock } from './fakeClock.ts';
import { openStream, replay, ScriptedServer, send, subscribe, type Script } from './scriptedServer.ts';
import { closeSessions, disconnected, frameworkInfo, session, stream, subscribed } from './subscribing.ts';

/** Answers the first SUBSCRIBE as `first` says, later ones as a well master does. */
function onceThenWell(first: Script): Script {
  let asked = 0;
  return (received, response) => {
    if (asked++ === 0) first(received, response);
    else subscribe(response, `stream-${asked}`);
  };
}

const redirectTo =
  (location: string): Script =>
  (_, response) =>
    response.writeHead(307, { Location: location, 'Content-Length': 0 }).end();

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('SchedulerClient: finding a master', () => {
  const leaders: ScriptedServer[] = [];
  afterEach(async () => {
    await closeSessions();
    for (const leader of leaders.splice(0)) await leader.stop();
  });
  const leader = async (script: Script) => {
    const started = await ScriptedServer.start(script);
    leaders.push(started);
    return started;
  };

  it('follows a redirect without a scheme to the leading master, and calls there', async () => {
    const leading = await leader(({ type }, response) => {
      if (type === 'SUBSCRIBE') subscribe(response, 'there');
      else response.writeHead(202).end();
    });
    const started = await session(redirectTo(`//127.0.0.1:${leading.port}/master/api/v1/scheduler`));
    await subscribed(started);
    await started.client.revive();
    assert.deepEqual(
      leading.received.map(({ type, path }) => [type, path]),
      [
        ['SUBSCRIBE', '/master/api/v1/scheduler'],
        ['REVIVE', '/master/api/v1/scheduler'],
      ],
    );
    assert.equal(leading.received[1]?.headers['mesos-stream-id'], 'there');
    assert.equal(started.master.received.length, 1);
    await started.client.stop();
    await until(() => leading.sockets.size + started.master.sockets.size === 0, {
      what: 'the end of all connections',
    });
  });

  it('asks the given masters again after it was disconnected, not the last leader', async () => {
    let leading = await leader((_, response) => subscribe(response, 'one'));
    const started = await session((received, response) =>
      redirectTo(`//127.0.0.1:${leading.port}/master/api/v1/scheduler`)(received, response),
    );
    await subscribed(started);
    const dead = leading;
    leading = await leader((_, response) => subscribe(response, 'two'));
    await dead.stop();
    await subscribed(started, 2);
    assert.equal(started.master.received.length, 2);
    assert.deepEqual(leading.received[0]?.call.framework_id, started.subscriptions[0]?.frameworkId);
  });

  it('gives up on masters that redirect in a circle, says so, and tries again', async () => {
    let asked = 0;
    const started = await session((received, response) => {
      if (asked++ < 6) redirectTo(`//127.0.0.1:${started.master.port}`)(received, response);
      else subscribe(response, 's');
    });
    const { cause, reason, fatal } = await disconnected(started);
    assert.equal(cause?.name, 'RedirectError');
    assert.match(reason, /5 redirects/);
    assert.equal(fatal, false);
    await subscribed(started);
  });

  for (const [what, location] of [
    ['to nowhere', undefined],
    ['to no address', 'http://:x'],
    ['to another protocol', 'ftp://127.0.0.1/'],
  ] as const) {
    it(`does not follow a redirect ${what}`, async () => {
      const started = await session(
        onceThenWell((_, response) =>
          response.writeHead(307, location === undefined ? {} : { Location: location }).end(),
        ),
      );
      assert.equal((await disconnected(started)).cause?.name, 'RedirectError');
      await subscribed(started);
    });
  }

  it('tries the masters in turn without a pause, and pauses after a round', async () => {
    const clock = new FakeClock();
    const closed = await closedPort();
    const other = await leader((_, response) => response.writeHead(503).end('No leader elected'));
    const started = await session(
      onceThenWell((_, response) => response.writeHead(503).end('Master has not finished recovery')),
      { clock, backoff: { firstMs: 1000, maxMs: 10_000, random: () => 0.5 } },
      (master) => [`http://127.0.0.1:${closed}`, other.url, master.url],
    );
    const reasons = [];
    for (let at = 0; at < 3; at++) reasons.push((await disconnected(started, at)).reason);
    assert.match(reasons[0]!, new RegExp(`127.0.0.1:${closed}/.*ECONNREFUSED`));
    assert.match(reasons[1]!, new RegExp(`${other.port}/.*503: No leader elected`));
    assert.match(reasons[2]!, /503: Master has not finished recovery/);
    await until(() => clock.running.length === 1, { what: 'the pause' });
    assert.deepEqual(clock.running, [500]);
    assert.equal(started.client.state, 'waiting');
    clock.advance(500);
    await subscribed(started);
    assert.equal(started.ended.length, 5);
  });

  it('pauses and begins with the first master again when it lost its subscription', async () => {
    const clock = new FakeClock();
    const closed = await closedPort();
    const started = await session(
      (_, response) => subscribe(response, 's'),
      { clock, backoff: { firstMs: 1000, maxMs: 10_000, random: () => 0.5 } },
      (master) => [`http://127.0.0.1:${closed}`, master.url, `http://127.0.0.1:${closed}`],
    );
    await subscribed(started);
    (await stream(started)).end();
    await disconnected(started, 1);
    await until(() => clock.running.length === 1, { what: 'the pause' });
    assert.deepEqual(clock.running, [500]);
    clock.advance(500);
    await subscribed(started, 2);
    assert.deepEqual(
      started.ended.map(({ cause }) => cause?.name),
      ['MesosUnreachableError', 'StreamEndedError', 'MesosUnreachableError'],
    );
  });

  it('connects as soon as there is a master', async () => {
    const port = await closedPort();
    const client = new SchedulerClient({
      masters: [`http://127.0.0.1:${port}`],
      frameworkInfo,
      backoff: { firstMs: 1, maxMs: 20 },
    });
    let failures = 0;
    client.on('disconnected', () => failures++);
    const told = new Promise((resolve) => client.on('subscribed', resolve));
    client.start();
    await until(() => failures > 2, { what: 'some attempts' });
    const server = net.createServer((socket) => {
      socket.once('data', () => {
        const event = JSON.stringify(recordedSubscribed());
        const record = `${event.length}\n${event}`;
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMesos-Stream-Id: s\r\n' +
            `Transfer-Encoding: chunked\r\n\r\n${record.length.toString(16)}\r\n${record}\r\n`,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await told;
    await client.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses an address that is none', () => {
    for (const masters of [
      [],
      ['127.0.0.1:5050'],
      ['localhost:5050'],
      ['zk://127.0.0.1/mesos'],
      ['http://alice:secret@127.0.0.1:5050'],
    ]) {
      assert.throws(
        () => new SchedulerClient({ masters, frameworkInfo }),
        (error) => error instanceof InvalidAddressError && !error.message.includes('secret'),
      );
    }
  });

  it('keeps the path of an address, for a proxy', async () => {
    const started = await session(
      (_, response) => subscribe(response, 's'),
      {},
      ({ url }) => [`${url}/mesos`],
    );
    await subscribed(started);
    assert.equal(started.master.received[0]?.path, '/mesos/api/v1/scheduler');
  });
});

describe('SchedulerClient: bad answers to SUBSCRIBE', () => {
  afterEach(closeSessions);

  const refused = [
    'sub-missing-required',
    'sub-406',
    'ct-charset',
    'sub-with-stream-id',
    'sub-id-mismatch',
    'get',
  ];
  const unauthorized = { status: 401, headers: {}, body: '401 Unauthorized.' };
  const answers = new Map(refused.map((name) => [name, recordedExchange(name).resp]));
  for (const [name, answer] of answers.set('unauthorized', unauthorized)) {
    it(`takes ${answer.status} (${name}) as final`, async () => {
      const started = await session((_, response) => replay(response, answer));
      const { cause, reason, fatal } = await disconnected(started);
      assert.ok(cause instanceof MesosHttpError && cause.status === answer.status);
      assert.equal(cause.body, answer.body);
      assert.ok(reason.includes(answer.body), reason);
      assert.equal(fatal, true);
      assert.equal(started.client.state, 'refused');
      await started.client.stop();
      assert.equal(started.master.received.length, 1);
    });
  }

  const passing: [string, Script, string][] = [
    ['503', (_, response) => response.writeHead(503).end('No leader elected'), 'MesosHttpError'],
    ['500', (_, response) => response.writeHead(500).end(), 'MesosHttpError'],
    ['404', (_, response) => response.writeHead(404).end(), 'MesosHttpError'],
    [
      'a page of HTML',
      (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Log in</html>'),
      'UnexpectedAnswerError',
    ],
    [
      'a stream that is no JSON',
      (_, response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/x-protobuf', 'Mesos-Stream-Id': 's' })
          .end('5\nhello'),
      'UnexpectedAnswerError',
    ],
    ['200 without a type', (_, response) => response.writeHead(200).end(), 'UnexpectedAnswerError'],
    [
      'a stream without an id',
      (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(),
      'UnexpectedAnswerError',
    ],
    ['a connection cut', (_, response) => response.socket?.destroy(), 'MesosUnreachableError'],
    ['no HTTP', (_, response) => response.socket?.end('hello\r\n'), 'MesosUnreachableError'],
    [
      'a stream that ends at once',
      (_, response) => (openStream(response, 's'), response.end()),
      'StreamEndedError',
    ],
    [
      'a stream cut after its head',
      (_, response) => (openStream(response, 's'), setImmediate(() => response.destroy())),
      'MesosUnreachableError',
    ],
  ];
  for (const [what, script, name] of passing) {
    it(`tells of ${what} and tries again`, async () => {
      const started = await session(onceThenWell(script));
      const { cause, fatal, reason } = await disconnected(started);
      assert.equal(cause?.name, name, reason);
      assert.equal(fatal, false);
      assert.ok(reason.length > 20, reason);
      await subscribed(started);
    });
  }

  const errors = recordedStreams('ERROR').map(({ error }) => (error as { message: string }).message);
  for (const message of [...errors, 'Framework failed over']) {
    it(`takes the ERROR "${message.slice(0, 60)}" as final`, async () => {
      const started = await session((_, response) => {
        openStream(response, 's');
        send(response, { type: 'ERROR', error: { message } });
        response.end();
      });
      const { cause, fatal, reason } = await disconnected(started);
      assert.equal(fatal, true);
      assert.ok(reason.includes(message), reason);
      const names = new Map([
        ['Framework has been removed', 'FrameworkRemovedError'],
        ['Framework failed over', 'FrameworkFailedOverError'],
      ]);
      assert.equal(cause?.name, names.get(message) ?? 'SubscriptionRefusedError');
      await started.client.stop();
      assert.equal(started.master.received.length, 1);
      assert.equal(started.ended.length, 1);
    });
  }

  it('can be started again after it was refused for good', async () => {
    const started = await session(onceThenWell((_, response) => replay(response, unauthorized)));
    assert.equal((await disconnected(started)).fatal, true);
    await until(() => started.client.state === 'refused', { what: 'the end' });
    await started.client.stop();
    started.client.start();
    await subscribed(started);
  });
});

describe('SchedulerClient: losing the subscription', () => {
  afterEach(closeSessions);

  it('takes the ERROR that another scheduler took over, in mid-stream, as final', async () => {
    const started = await session((_, response) => subscribe(response, 's'));
    await subscribed(started);
    send(await stream(started), { type: 'ERROR', error: { message: 'Framework failed over' } });
    const { fatal, cause } = await disconnected(started);
    assert.equal(fatal, true);
    assert.equal(cause?.name, 'FrameworkFailedOverError');
    assert.equal(started.client.state, 'refused');
  });

  it('subscribes again with the id that it got, from connection to connection', async () => {
    const started = await session((_, response) => {
      subscribe(response, 's');
      if (started.master.received.length < 4) setImmediate(() => response.destroy());
    });
    await subscribed(started, 4);
    const { frameworkId } = started.subscriptions[0]!;
    const [first, ...later] = started.master.of('SUBSCRIBE').map(({ call }) => call);
    assert.equal(first?.framework_id, undefined);
    for (const call of later) {
      assert.deepEqual(call, {
        type: 'SUBSCRIBE',
        framework_id: frameworkId,
        subscribe: { framework_info: { ...frameworkInfo, id: frameworkId } },
      });
    }
    assert.deepEqual(
      started.ended.map(({ fatal, cause }) => [fatal, cause?.name]),
      Array.from({ length: 3 }, () => [false, 'MesosUnreachableError']),
    );
  });

  it('holds a connection for dead that brings nothing for five of the announced heartbeats', async () => {
    const clock = new FakeClock();
    const started = await session((_, response) => subscribe(response, 's'), { clock });
    await subscribed(started);
    let beats = 0;
    started.client.on('heartbeat', () => beats++);
    const first = await stream(started);
    clock.advance(74_999);
    send(first, { type: 'HEARTBEAT' });
    await until(() => beats === 1, { what: 'the heartbeat' });
    clock.advance(74_999);
    assert.equal(started.client.state, 'subscribed');
    clock.advance(1);
    const { cause, reason, fatal } = await disconnected(started);
    assert.equal(cause?.name, 'SilentStreamError');
    assert.match(reason, /75 s/);
    assert.equal(fatal, false);
    clock.advance(500);
    await subscribed(started, 2);
  });

  it('counts any byte as life', async () => {
    const clock = new FakeClock();
    const started = await session((_, response) => subscribe(response, 's'), { clock, missedHeartbeats: 2 });
    await subscribed(started);
    const first = await stream(started);
    const watches = clock.set.length;
    clock.advance(29_999);
    first.write('1');
    await until(() => clock.set.length > watches, { what: 'the byte' });
    clock.advance(29_999);
    assert.equal(started.ended.length, 0);
    clock.advance(1);
    assert.equal((await disconnected(started)).cause?.name, 'SilentStreamError');
  });

  it('goes by the heartbeat that is announced, and by 15 s where none is', async () => {
    for (const [announced, silentMs] of [
      [2, 10_000],
      [undefined, 75_000],
      [0, 75_000],
    ] as const) {
      const clock = new FakeClock();
      const started = await session(
        (_, response) => {
          openStream(response, 's');
          const event = {
            framework_id: { value: 'f' },
            ...(announced !== undefined && { heartbeat_interval_seconds: announced }),
          };
          send(response, { type: 'SUBSCRIBED', subscribed: event });
        },
        { clock },
      );
      await subscribed(started);
      assert.equal(started.subscriptions[0]?.heartbeatSeconds, silentMs / 5000);
      clock.advance(silentMs - 1);
      assert.equal(started.ended.length, 0);
      clock.advance(1);
      assert.equal((await disconnected(started)).cause?.name, 'SilentStreamError');
    }
  });

  it('waits no longer than it was told for an answer to SUBSCRIBE, and for the first event', async () => {
    const clock = new FakeClock();
    const started = await session(
      (_, response) => {
        if (started.master.received.length === 2) openStream(response, 's');
        if (started.master.received.length === 3) subscribe(response, 's');
      },
      { clock, answerMs: 7000, backoff: { random: () => 0 } },
    );
    await until(() => started.master.received.length === 1, { what: 'SUBSCRIBE' });
    clock.advance(6999);
    assert.equal(started.client.state, 'connecting');
    clock.advance(1);
    assert.equal((await disconnected(started)).cause?.name, 'NoAnswerError');
    await until(() => clock.running.length > 0, { what: 'the pause' });
    clock.advance(0);
    await until(() => started.client.state === 'subscribing', { what: 'the head of the stream' });
    clock.advance(7000);
    assert.equal((await disconnected(started, 1)).cause?.name, 'SilentStreamError');
    await until(() => clock.running.length > 0, { what: 'the pause' });
    clock.advance(0);
    await subscribed(started);
  });

  it('backs off from a master that takes it and drops it, and forgets that once a subscription lasted', async () => {
    const clock = new FakeClock();
    const started = await session((_, response) => subscribe(response, 's'), {
      clock,
      backoff: { firstMs: 1000, maxMs: 4000, random: () => 0.999 },
    });
    const pauseAfter = async (nth: number, lastedMs: number) => {
      await subscribed(started, nth);
      clock.advance(lastedMs);
      (await stream(started, nth - 1)).end();
      await disconnected(started, nth - 1);
      await until(() => started.client.state === 'waiting' && clock.running.length === 1, {
        what: 'the pause',
      });
      const [ms] = clock.running;
      clock.advance(ms!);
      return ms;
    };
    const pauses = [];
    for (const lasted of [0, 0, 0, 0, 5000, 0]) pauses.push(await pauseAfter(pauses.length + 1, lasted));
    assert.deepEqual(pauses, [999, 1998, 3996, 3996, 999, 1998]);
  });
});

describe('SchedulerClient: stop', () => {
  afterEach(closeSessions);

  const phases: [string, Script, (state: string) => boolean][] = [
    ['while it connects', () => undefined, (state) => state === 'connecting'],
    [
      'before the first event',
      (_, response) => openStream(response, 's'),
      (state) => state === 'subscribing',
    ],
    ['while it is subscribed', (_, response) => subscribe(response, 's'), (state) => state === 'subscribed'],
    ['while it waits', (_, response) => response.writeHead(503).end(), (state) => state === 'waiting'],
  ];
  for (const [when, script, isThere] of phases) {
    it(`${when} closes all at once, tells nothing, and can be followed by start`, async () => {
      const started = await session(script, { backoff: { firstMs: 1e6, maxMs: 1e6, random: () => 0.9 } });
      await until(() => started.master.received.length === 1 && isThere(started.client.state), {
        what: when,
      });
      const told = started.ended.length;
      await started.client.stop();
      assert.equal(started.client.state, 'idle');
      assert.equal(started.ended.length, told);
      await until(() => started.master.sockets.size === 0, { what: 'the end of all connections' });
      assert.equal(started.master.received.length, 1);
      started.master.script = (_, response) => subscribe(response, 's');
      const before = started.subscriptions.length;
      started.client.start();
      await subscribed(started, before + 1);
    });
  }

  it('does not wait for credentials that never come', async () => {
    const started = await session(() => undefined, { authorization: () => new Promise(() => undefined) });
    await until(() => started.client.state === 'connecting', { what: 'the attempt' });
    await started.client.stop();
    assert.equal(started.master.received.length, 0);
  });

  it('right after start sends nothing; start and stop may come in any number', async () => {
    const started = await session((_, response) => subscribe(response, 's'));
    await started.client.stop();
    const { length } = started.master.received;
    started.client.start();
    const stopped = started.client.stop();
    started.client.start();
    started.client.start();
    await started.client.stop();
    await stopped;
    await started.client.stop();
    assert.equal(started.master.received.length, length);
    assert.equal(started.client.state, 'idle');
  });

  it('by the listener that hears of a failure is the end of it', async () => {
    const started = await session((_, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => {
      started.client.on('disconnected', () => void started.client.stop().then(resolve));
    });
    assert.equal(started.ended.length, 1);
    assert.equal(started.client.state, 'idle');
  });
});

describe('Backoff', () => {
  it('draws each pause from a span that doubles up to a limit', () => {
    const spans = (random: number) => {
      const backoff = new Backoff({ firstMs: 100, maxMs: 1000, random: () => random });
      return Array.from({ length: 6 }, () => backoff.next());
    };
    assert.deepEqual(spans(0), [0, 0, 0, 0, 0, 0]);
    assert.deepEqual(spans(0.5), [50, 100, 200, 400, 500, 500]);
  });

  it('stays at its limit however often it is asked', () => {
    const backoff = new Backoff({ random: () => 1 });
    for (let i = 0; i < 5000; i++) backoff.next();
    assert.equal(backoff.next(), 15_000);
    backoff.reset();
    assert.equal(backoff.next(), 500);
  });
});
