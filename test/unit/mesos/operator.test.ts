import assert from 'node:assert/strict';
import { bearerAuthorization } from '../../../src/mesos/authorization.ts';
import { AgentClient, agentAddress } from '../../../src/mesos/agent.ts';
import {
  InvalidAddressError,
  MesosHttpError,
  NoAnswerError,
  StreamEndedError,
} from '../../../src/mesos/errors.ts';
import { maxReadLength, sandboxPath } from '../../../src/mesos/files.ts';
import { OperatorClient } from '../../../src/mesos/operator.ts';
import type { OperatorEvent } from '../../../src/mesos/operatorTypes.ts';
import {
  recordedAgentAnswer,
  recordedCall,
  recordedExchange,
  recordedOperatorEvents,
} from '../../support/recordedMesos.ts';
import { until } from '../../support/until.ts';
import { FakeClock } from './fakeClock.ts';
import { replay, ScriptedServer, send, type Script } from './scriptedServer.ts';

const id = (value: string) => ({ value });
const json = { 'Content-Type': 'application/json' };

describe('OperatorClient', () => {
  const servers: ScriptedServer[] = [];
  const clients: { close: () => void }[] = [];
  const serve = async (script: Script) => {
    const server = await ScriptedServer.start(script);
    servers.push(server);
    return server;
  };
  const operator = async (script: Script, more: object = {}) => {
    const server = await serve(script);
    const client = new OperatorClient({ address: server.url, ...more });
    clients.push(client);
    return { server, client };
  };
  const agent = async (script: Script) => {
    const server = await serve(script);
    const client = new AgentClient({ address: server.url });
    clients.push(client);
    return { server, client };
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    for (const server of servers.splice(0)) await server.stop();
  });

  it('reads what a master answers', async () => {
    const { server, client } = await operator(({ type }, response) => {
      const whole = recordedCall(type);
      if (whole) response.writeHead(200, json).end(JSON.stringify(whole));
      else replay(response, recordedExchange(`op-${type}`).resp);
    });
    assert.equal(await client.getHealth(), true);
    assert.equal((await client.getVersion())?.version, '1.11.0');
    assert.deepEqual(await client.getAgents(), recordedCall('GET_AGENTS')?.get_agents);
    assert.deepEqual(await client.getFrameworks(), recordedCall('GET_FRAMEWORKS')?.get_frameworks);
    assert.deepEqual(await client.getTasks(), recordedCall('GET_TASKS')?.get_tasks);
    assert.match((await client.getAgents()).agents?.[0]?.pid ?? '', /^slave\(1\)@127\.0\.0\.1:\d+$/);
    const [first] = server.received;
    assert.equal(first?.path, '/api/v1');
    assert.equal(first.headers['content-type'], 'application/json');
    assert.deepEqual(first.call, { type: 'GET_HEALTH' });
  });

  it('reads an answer whose part is left out because it is empty', async () => {
    const { client } = await operator(({ type }, response) => {
      response.writeHead(200, json).end(JSON.stringify({ type }));
    });
    assert.deepEqual(await client.getState(), {});
    assert.deepEqual(await client.listFiles('/master'), []);
    assert.deepEqual(await client.getMaster(), {});
    assert.equal(await client.getHealth(), false);
  });

  it('follows the redirect to the leading master', async () => {
    const leading = await operator((_, response) => replay(response, recordedExchange('op-GET_HEALTH').resp));
    const { client } = await operator((_, response) =>
      response.writeHead(307, { Location: `//127.0.0.1:${leading.server.port}/master/api/v1` }).end(),
    );
    assert.equal(await client.getHealth(), true);
    assert.equal(leading.server.received[0]?.path, '/master/api/v1');
  });

  it('tears a framework down, or says that there is none', async () => {
    const { server, client } = await operator(({ call }, response) => {
      const { framework_id } = call.teardown as { framework_id: { value: string } };
      if (framework_id.value === 'there') response.writeHead(200).end();
      else response.writeHead(400).end('No framework found with specified ID');
    });
    await client.teardown(id('there'));
    assert.deepEqual(server.received[0]?.call, { type: 'TEARDOWN', teardown: { framework_id: id('there') } });
    await assert.rejects(
      client.teardown(id('gone')),
      (error) =>
        error instanceof MesosHttpError &&
        error.status === 400 &&
        error.body === 'No framework found with specified ID',
    );
  });

  it('sends its credentials, and tells when they are refused', async () => {
    const { server, client } = await operator(
      (_, response) => response.writeHead(401).end('401 Unauthorized.'),
      { authorization: bearerAuthorization(() => 'x') },
    );
    await assert.rejects(
      client.getTasks(),
      (error) => error instanceof MesosHttpError && error.status === 401,
    );
    assert.equal(server.received[0]?.headers.authorization, 'Bearer x');
  });

  for (const [what, script, name] of [
    [
      'a page of HTML',
      (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'),
      'UnexpectedAnswerError',
    ],
    ['what is not JSON', (_, response) => response.writeHead(200, json).end('{'), 'UnexpectedAnswerError'],
    ['a list', (_, response) => response.writeHead(200, json).end('[]'), 'UnexpectedAnswerError'],
    [
      'too much',
      (_, response) => response.writeHead(200, json).end(`{"a":"${'x'.repeat(2000)}"}`),
      'UnexpectedAnswerError',
    ],
    [
      'half an answer',
      (_, response) => (response.writeHead(200, json).write('{'), setImmediate(() => response.destroy())),
      'MesosUnreachableError',
    ],
    ['nothing, and closes', (_, response) => response.socket?.destroy(), 'MesosUnreachableError'],
  ] as [string, Script, string][]) {
    it(`fails plainly at a server that answers with ${what}`, async () => {
      const { client } = await operator(script, { maxLength: 1000 });
      await assert.rejects(client.getState(), (error) => error instanceof Error && error.name === name);
    });
  }

  it('asks again, once, where a kept connection has just been closed', async () => {
    const { server, client } = await operator((_, response) => {
      if (server.received.length === 2) response.socket?.resetAndDestroy();
      else replay(response, recordedExchange('op-GET_HEALTH').resp);
    });
    await client.getHealth();
    assert.equal(await client.getHealth(), true);
    assert.equal(server.received.length, 3);
  });

  it('never sends a teardown twice', async () => {
    const { server, client } = await operator((_, response) => response.socket?.resetAndDestroy());
    await assert.rejects(client.teardown(id('f')), { name: 'MesosUnreachableError' });
    assert.equal(server.received.length, 1);
  });

  it('waits no longer than it was told, and not at all for one who left', async () => {
    const clock = new FakeClock();
    const { server, client } = await operator(() => undefined, { clock, answerMs: 5000 });
    const late = assert.rejects(
      client.getState(),
      (error) => error instanceof NoAnswerError && error.waitedMs === 5000,
    );
    await until(() => server.received.length === 1, { what: 'the call' });
    clock.advance(5000);
    await late;
    const leaving = new AbortController();
    const left = assert.rejects(client.getState({ signal: leaving.signal }), /enough/);
    await until(() => server.received.length === 2, { what: 'the call' });
    leaving.abort(new Error('enough'));
    await left;
    await assert.rejects(client.getState({ signal: leaving.signal }), /enough/);
    assert.equal(server.received.length, 2);
    await until(() => server.sockets.size === 0, { what: 'the end of all connections' });
  });

  describe('events', () => {
    it('are handed on as recorded, until the master ends the stream', async () => {
      const events = recordedOperatorEvents();
      assert.ok(events.length > 20);
      const { server, client } = await operator(({ call }, response) => {
        assert.deepEqual(call, { type: 'SUBSCRIBE' });
        response.writeHead(200, json);
        send(response, ...events, { type: 'NEW_KIND', new_kind: {} });
        response.end();
      });
      const heard: { type: string }[] = [];
      await assert.rejects(async () => {
        for await (const event of client.events()) heard.push(event);
      }, StreamEndedError);
      assert.equal(server.received.length, 1);
      assert.deepEqual(heard.slice(0, -1), events);
      assert.deepEqual(heard.at(-1), {
        type: 'unknown',
        eventType: 'NEW_KIND',
        event: { type: 'NEW_KIND', new_kind: {} },
      });
    });

    it('come one by one as the master sends them, and close the connection when left', async () => {
      const { server, client } = await operator((_, response) => {
        response.writeHead(200, json);
        send(response, { type: 'SUBSCRIBED', subscribed: {} });
      });
      const types: string[] = [];
      for await (const { type } of client.events()) {
        types.push(type);
        if (type === 'HEARTBEAT') break;
        send(server.streams[0]!, { type: 'HEARTBEAT' });
      }
      assert.deepEqual(types, ['SUBSCRIBED', 'HEARTBEAT']);
      await until(() => server.sockets.size === 0, { what: 'the end of the connection' });
    });

    it('end with silence', async () => {
      const clock = new FakeClock();
      const [first] = recordedOperatorEvents();
      const { client } = await operator(
        (_, response) => {
          response.writeHead(200, json);
          send(response, first!);
        },
        { clock },
      );
      const events = client.events();
      assert.equal((await events.next()).value.type, 'SUBSCRIBED');
      const end = assert.rejects(events.next(), { name: 'SilentStreamError' });
      clock.advance(75_000);
      await end;
    });

    it('end with the signal, with its reason', async () => {
      const { client } = await operator((_, response) => {
        response.writeHead(200, json);
        send(response, { type: 'SUBSCRIBED', subscribed: {} });
      });
      const leaving = new AbortController();
      const events: AsyncIterator<OperatorEvent | object> = client.events({ signal: leaving.signal });
      await events.next();
      const end = assert.rejects(events.next(), /enough/);
      leaving.abort(new Error('enough'));
      await end;
    });

    it('end over a bad record, and are refused with the status', async () => {
      const { client, server } = await operator((_, response) => {
        response.writeHead(200, json);
        response.write('5\nhello');
      });
      await assert.rejects(client.events().next(), { name: 'BadEventError' });
      server.script = (_, response) => response.writeHead(401).end('401 Unauthorized.');
      await assert.rejects(client.events().next(), MesosHttpError);
    });
  });

  describe('of an agent', () => {
    it('lists and reads files as recorded', async () => {
      const sandbox = sandboxPath(id('c5bfa549-ea36-429f-b5e1-2de3e449da3c-0007'), id('hc'));
      assert.equal(sandbox, '/frameworks/c5bfa549-ea36-429f-b5e1-2de3e449da3c-0007/executors/hc/runs/latest');
      const { server, client } = await agent(({ type }, response) =>
        replay(
          response,
          recordedAgentAnswer(type === 'LIST_FILES' ? `LIST_FILES ${sandbox}` : 'READ_FILE len2'),
        ),
      );
      const files = await client.listFiles(sandbox);
      assert.deepEqual(
        files.map(({ path, size, mode }) => [path, size, mode]),
        [
          [`${sandbox}/stderr`, 1014, 0o100644],
          [`${sandbox}/stdout`, 4, 0o100644],
        ],
      );
      assert.deepEqual(await client.readFile(`${sandbox}/stdout`, 1, 2), {
        data: Buffer.from('ut'),
        size: 4,
      });
      await client.readFile(`${sandbox}/stdout`, 0);
      assert.deepEqual(
        server.received.map(({ call }) => call),
        [
          { type: 'LIST_FILES', list_files: { path: sandbox } },
          { type: 'READ_FILE', read_file: { path: `${sandbox}/stdout`, offset: 1, length: 2 } },
          { type: 'READ_FILE', read_file: { path: `${sandbox}/stdout`, offset: 0 } },
        ],
      );
    });

    it('reads nothing past the end, and tells the size', async () => {
      const { client } = await agent((_, response) =>
        replay(response, recordedAgentAnswer('READ_FILE past')),
      );
      assert.deepEqual(await client.readFile('/x', 1000), { data: Buffer.alloc(0), size: 4 });
    });

    it('hands on bytes, not text', async () => {
      const data = Buffer.from([0xff, 0xfe, 0, 0x80]);
      const { client } = await agent((_, response) => {
        const read_file = { size: 4, data: data.toString('base64') };
        response.writeHead(200, json).end(JSON.stringify({ type: 'READ_FILE', read_file }));
      });
      assert.deepEqual((await client.readFile('/x', 0, maxReadLength)).data, data);
    });

    for (const [what, status] of [
      ['READ_FILE dir', 400],
      ['READ_FILE none', 404],
    ] as const) {
      it(`tells a ${status} of ${what} apart`, async () => {
        const { client } = await agent((_, response) => replay(response, recordedAgentAnswer(what)));
        await assert.rejects(
          client.readFile('/x', 0),
          (error) => error instanceof MesosHttpError && error.status === status,
        );
      });
    }

    it('lists its containers and state', async () => {
      const container = { framework_id: id('f'), executor_id: id('e'), container_id: id('c') };
      const { client } = await agent(({ type }, response) => {
        const part =
          type === 'GET_CONTAINERS'
            ? { get_containers: { containers: [container] } }
            : { get_state: { get_tasks: { launched_tasks: [] } } };
        response.writeHead(200, json).end(JSON.stringify({ type, ...part }));
      });
      assert.deepEqual(await client.getContainers(), [container]);
      assert.deepEqual(await client.getState(), { get_tasks: { launched_tasks: [] } });
    });

    it('is found by its pid', () => {
      assert.equal(agentAddress('slave(1)@10.0.0.5:5051'), 'http://10.0.0.5:5051');
      assert.equal(agentAddress('slave(1)@10.0.0.5:5051', 'https'), 'https://10.0.0.5:5051');
      assert.equal(agentAddress('slave(1)@[::1]:5051'), 'http://[::1]:5051');
      for (const wrong of [
        '',
        '10.0.0.5:5051',
        'slave(1)@host',
        'slave(1)@:5051',
        'slave(1)@a b:1',
        'slave@h:99999',
      ]) {
        assert.throws(() => agentAddress(wrong), InvalidAddressError, wrong);
      }
    });
  });

  it('gives a path within a sandbox', () => {
    assert.equal(
      sandboxPath(id('f'), id('t.1'), 'logs/größe.log'),
      '/frameworks/f/executors/t.1/runs/latest/logs/größe.log',
    );
  });
});
