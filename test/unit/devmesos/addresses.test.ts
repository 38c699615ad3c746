import assert from 'node:assert/strict';
import http from 'node:http';
import os from 'node:os';
import type net from 'node:net';
import path from 'node:path';
import { advertised, hostAndPort, plainAddress } from '../../../src/devmesos/address.ts';
import { startAgent } from '../../../src/devmesos/agent/start.ts';
import { agentArguments, masterArguments } from '../../../src/devmesos/arguments.ts';
import { acceptAgent } from '../../../src/devmesos/link/accept.ts';
import type { ToMaster } from '../../../src/devmesos/link/messages.ts';
import { ExplainedError } from '../../../src/host/errors.ts';
import { json, rawRequest, RawScheduler } from '../../support/rawScheduler.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

const files = (file: string): string => (file === 'credentials' ? 'somebody secret' : 'shared');
const masterWith = (...args: string[]) => masterArguments(['--secret-file', 'secret', ...args], files);

describe('dev Mesos: addresses', () => {
  it('are loopback unless somebody asks for others, and then want a login', () => {
    assert.equal(masterWith().host, '127.0.0.1');
    assert.equal(masterWith('--host', '127.0.0.2').host, '127.0.0.2');
    for (const host of ['0.0.0.0', '::', '10.0.0.5', 'mesos-master']) {
      assert.throws(
        () => masterWith('--host', host),
        (error) => error instanceof ExplainedError && error.message === `Listening on ${host} needs a login`,
      );
      assert.equal(masterWith('--host', host, '--credentials', 'credentials').host, host);
    }
    assert.equal(masterWith('--host', '0.0.0.0', '--without-login').credentials, undefined);
    const agent = [
      '--secret-file',
      'secret',
      '--work-dir',
      os.tmpdir(),
      '--master',
      'http://mesos-master:5050',
    ];
    assert.throws(() => agentArguments([...agent, '--host', '0.0.0.0'], files), ExplainedError);
  });

  it('are told as they were asked for, else as they are', () => {
    const options = { host: '127.0.0.1', port: 0, advertiseIp: undefined, hostname: undefined };
    assert.deepEqual(advertised(options), { ip: '127.0.0.1', hostname: '127.0.0.1' });
    assert.deepEqual(advertised({ ...options, host: 'localhost' }, '::1'), {
      ip: '::1',
      hostname: 'localhost',
    });
    const everywhere = advertised({ ...options, host: '0.0.0.0' }, '0.0.0.0');
    assert.equal(everywhere.hostname, os.hostname());
    assert.match(everywhere.ip, /^(?!0\.)\d+\.\d+\.\d+\.\d+$/);
    const named = { ...options, host: '0.0.0.0', advertiseIp: '10.0.0.5', hostname: 'agent-1' };
    assert.deepEqual(advertised(named), { ip: '10.0.0.5', hostname: 'agent-1' });
    assert.equal(hostAndPort('::1', 5050), '[::1]:5050');
    assert.equal(plainAddress('::ffff:10.0.0.5'), '10.0.0.5');
  });

  describe('of a master on all addresses', () => {
    let master: TestMaster;
    before(async () => {
      master = await TestMaster.start({ host: '0.0.0.0', advertiseIp: '10.9.8.7', hostname: 'mesos-master' });
    });
    after(() => master.close());
    const here = (): string => `http://127.0.0.1:${master.port}`;

    it('are in what it says of itself', async () => {
      const state = JSON.parse((await rawRequest(`${here()}/state`, 'GET')).body) as Record<string, unknown>;
      assert.deepEqual([state.pid, state.hostname], [`master@10.9.8.7:${master.port}`, 'mesos-master']);
      const { headers } = await rawRequest(`${here()}/redirect`, 'GET');
      assert.equal(headers.location, `//mesos-master:${master.port}`);
      const scheduler = await RawScheduler.subscribe(here());
      const { master_info: info } = (await scheduler.event('SUBSCRIBED')).subscribed;
      assert.deepEqual(info?.address, { hostname: 'mesos-master', ip: '10.9.8.7', port: master.port });
      scheduler.disconnect();
    });

    it('may be called by any name, but not by web pages from elsewhere', async () => {
      const call = async (headers: Record<string, string>): Promise<number> =>
        (await rawRequest(`${here()}/api/v1`, 'POST', { ...json, ...headers }, '{"type":"GET_HEALTH"}'))
          .status;
      assert.equal(await call({ Host: 'mesos-master:5050' }), 200);
      assert.equal(await call({ Host: 'mesos-master:5050', Origin: 'http://mesos-master:5050' }), 200);
      assert.equal(await call({ Host: 'mesos-master:5050', Origin: 'http://mesos-master:8080' }), 403);
      assert.equal(await call({ 'Sec-Fetch-Site': 'cross-site' }), 403);
    });

    it('of an agent that comes back elsewhere are the new ones, and its old offers void', async () => {
      const scheduler = await RawScheduler.subscribe(here());
      const before = await FakeAgent.register(here(), master.secret, { port: 7001 });
      master.clock.advance(1000);
      const [offer] = await scheduler.offersOf(1);
      assert.equal(offer?.url?.address.port, 7001);
      const after = await FakeAgent.register(here(), master.secret, { port: 7002, id: offer.agent_id });
      await scheduler.event('RESCIND');
      master.clock.advance(1000);
      const again = (await scheduler.offersOf(2)).at(-1);
      assert.equal(again?.url?.address.port, 7002);
      for (const agent of [before, after]) agent.disconnect();
      scheduler.disconnect();
    });
  });

  it('an agent takes its master for dead that has pinged no more, and connects anew', async () => {
    const secret = 'shared';
    const connections: ToMaster[] = [];
    const silent = http.createServer();
    silent.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
      acceptAgent(request, socket, secret, (connection) => {
        connection.onMessage = (message) => {
          connections.push(message);
          const agentId = { value: 'S0' };
          connection.channel.send({ type: 'registered', agentId, masterId: 'm', pingTimeout: 50 });
        };
      });
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const folder = await temporaryFolder('agent');
    const options = agentArguments(
      [
        ...['--secret-file', 'secret', '--work-dir', path.join(folder.path, 'work'), '--port', '0'],
        ...['--master', `http://127.0.0.1:${port}`, '--host', '0.0.0.0', '--without-login'],
      ],
      files,
    );
    const agent = await startAgent(options, () => undefined);
    try {
      await until(() => connections.length >= 2);
      assert.deepEqual(
        connections.slice(0, 2).map(({ type }) => type),
        ['register', 'reregister'],
      );
      const [first] = connections;
      // Told by the connection that it made.
      assert.equal(first?.type === 'register' && first.registration.pid, `slave(1)@127.0.0.1:${agent.port}`);
    } finally {
      await agent.close();
      silent.closeAllConnections();
      silent.close();
      await folder.remove();
    }
  });
});
