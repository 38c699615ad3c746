import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { connectToMaster, NotOurMasterError } from '../../../src/devmesos/link/connect.ts';
import { linkTarget, nonceHeader, proofHeader } from '../../../src/devmesos/link/handshake.ts';
import { rawRequest } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev Mesos: link between master and agent', () => {
  let master: TestMaster;

  beforeEach(async () => {
    master = await TestMaster.start();
  });

  afterEach(() => master.close());

  const connect = (url: string, secret: string) =>
    connectToMaster({ master: url, secret, onMessage: () => undefined, onClose: () => undefined });
  const agents = async (): Promise<number> => {
    const { body } = await rawRequest(`${master.url}/slaves`, 'GET');
    return (JSON.parse(body) as { slaves: unknown[] }).slaves.length;
  };

  it('tells an agent with another secret that this is not its master', async () => {
    await assert.rejects(connect(master.url, 'another'), NotOurMasterError);
  });

  it('keeps an agent from a server that does not hold the secret, whatever that claims', async () => {
    const impostor = http.createServer();
    impostor.on('connect', (_request, socket: net.Socket) => {
      const head = ['HTTP/1.1 200 Connection Established', `${nonceHeader}: abc`, `${proofHeader}: def`];
      socket.once('end', () => socket.destroy()).resume();
      socket.write(`${head.join('\r\n')}\r\n\r\n{"type":"run"}\n`);
    });
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const { port } = impostor.address() as net.AddressInfo;
    await assert.rejects(connect(`http://127.0.0.1:${port}`, master.secret), NotOurMasterError);
    impostor.closeAllConnections();
    await new Promise((resolve) => impostor.close(resolve));
  });

  it('cuts off who claims to be an agent without proof', async () => {
    const socket = net.connect(master.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const registration = {
      info: { hostname: 'evil', resources: [] },
      pid: 'slave(1)@1.2.3.4:5',
      version: '1',
    };
    socket.write(`CONNECT ${linkTarget} HTTP/1.1\r\nHost: 127.0.0.1\r\n${nonceHeader}: abc\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(`${JSON.stringify({ type: 'register', registration })}\n`);
    await closed;
    assert.equal(await agents(), 0);
  });

  it('stands what is not a message', async () => {
    const agent = await FakeAgent.register(master.url, master.secret);
    assert.equal(await agents(), 1);
    agent.disconnect();
    await until(async () =>
      (await rawRequest(`${master.url}/slaves`, 'GET')).body.includes('"active":false'),
    );
    assert.equal((await rawRequest(`${master.url}/health`, 'GET')).status, 200);
  });
});
