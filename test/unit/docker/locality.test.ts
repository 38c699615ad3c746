import assert from 'node:assert/strict';
import { parseHost } from '../../../src/docker/endpoint.ts';
import { isLocal, type Here } from '../../../src/docker/locality.ts';

describe('whether a daemon sees our files', () => {
  const desktop: Here = { hostname: 'Desk', addresses: ['127.0.0.1', '192.0.2.7'], inContainer: false };
  const container: Here = { hostname: '0d1e2f', addresses: ['172.17.0.2'], inContainer: true };
  const socket = parseHost('unix:///var/run/docker.sock');

  it('over a socket it does, also in a virtual machine', () => {
    assert.equal(isLocal(socket, 'Desk', desktop), true);
    assert.equal(isLocal(socket, 'docker-desktop', desktop), true);
  });

  it('from within a container it does only if it is in there too', () => {
    assert.equal(isLocal(socket, '0d1e2f', container), true);
    assert.equal(isLocal(socket, 'Desk', container), false);
  });

  it('over TCP it does on this machine alone', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '192.0.2.7', 'desk', 'LocalHost']) {
      assert.equal(isLocal(parseHost(`tcp://${host}:2375`), 'any', desktop), true, host);
    }
    for (const host of ['192.0.2.8', 'docker.example', '128.0.0.1']) {
      assert.equal(isLocal(parseHost(`tcp://${host}:2375`), 'any', desktop), false, host);
    }
  });
});
