import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { choosePort, isPortFree } from '../../../src/host/ports.ts';

describe('choosing a port', () => {
  it('takes another where the wanted one is in use, and none promised already', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    try {
      assert.equal(await isPortFree(port), false);
      const chosen = await choosePort(port);
      assert.notEqual(chosen, port);
      assert.notEqual(await choosePort(port, new Set([chosen])), chosen);
    } finally {
      server.close();
    }
  });
});
