import assert from 'node:assert/strict';
import { HostNotSupported, parseHost } from '../../../src/docker/endpoint.ts';

describe('addresses of Docker', () => {
  it('are read as DOCKER_HOST has them', () => {
    assert.deepEqual(parseHost('unix:///run/a b.sock'), {
      kind: 'unix',
      address: 'unix:///run/a b.sock',
      socketPath: '/run/a b.sock',
    });
    assert.equal(parseHost('unix://').socketPath, '/var/run/docker.sock');
    assert.equal(parseHost('npipe:////./pipe/docker_engine').socketPath, '//./pipe/docker_engine');
    assert.equal(parseHost(String.raw`npipe://\\.\pipe\docker_engine`).socketPath, '//./pipe/docker_engine');
    const tcp = { kind: 'tcp', address: 'tcp://10.0.0.1:2375', host: '10.0.0.1', port: 2375 };
    for (const text of ['tcp://10.0.0.1', 'tcp://10.0.0.1:2375/', '10.0.0.1:2375', 'http://10.0.0.1']) {
      assert.deepEqual(parseHost(text), tcp, text);
    }
    assert.equal(parseHost('tcp://10.0.0.1', true).port, 2376);
    assert.deepEqual(parseHost('tcp://[::1]:99'), {
      ...{ kind: 'tcp', address: 'tcp://[::1]:99', host: '::1', port: 99 },
    });
  });

  it('of another kind are declined with what to do', () => {
    for (const text of ['ssh://me@there', 'fd://3', 'tcp://', 'tcp://a/b/c', 'tcp://a:b']) {
      assert.throws(
        () => parseHost(text),
        (error) => error instanceof HostNotSupported && error.next !== '',
        text,
      );
    }
  });
});
