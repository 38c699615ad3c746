import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const run = promisify(execFile);

describe('finding a real Docker Engine', () => {
  const signal = new AbortController().signal;

  it('where it usually listens', async () => {
    const { docker, endpoint, info } = await findDocker({ env: process.env, signal });
    assert.equal(endpoint.local, true);
    assert.match(info.version, /^\d+\.\d+/);
    assert.ok(info.cpus >= 1 && info.memoryMb > 100);
    assert.equal((await docker.version()).Version, info.version);
  });

  describe('over TLS', () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let server: tls.Server;
    let host: string;

    before(async () => {
      folder = await temporaryFolder('docker-tls');
      const { endpoint } = await findDocker({ env: process.env, signal });
      await certificates(folder.path);
      const [ca, cert, key] = await Promise.all(
        ['ca.pem', 'server.pem', 'server-key.pem'].map((name) => fs.readFile(path.join(folder.path, name))),
      );
      // What dockerd does with --tlsverify, in front of its socket.
      server = tls.createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (client) => {
        const daemon = net.connect(endpoint.socketPath ?? '');
        client.pipe(daemon).pipe(client);
        client.on('error', () => daemon.destroy());
        daemon.on('error', () => client.destroy());
      });
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      host = `tcp://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    });

    after(async () => {
      await new Promise((resolve) => server.close(resolve));
      await folder.remove();
    });

    function find(env: NodeJS.ProcessEnv): Promise<DockerEngine> {
      return findDocker({ env: { ...process.env, DOCKER_HOST: host, ...env }, signal, places: [] });
    }

    it('with the certificates of DOCKER_CERT_PATH', async () => {
      const { docker, endpoint } = await find({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder.path });
      assert.equal(endpoint.kind, 'tcp');
      assert.ok(Array.isArray(await docker.listContainers()));
    });

    it('is declined without them, or without trust', async () => {
      const empty = await temporaryFolder('docker-tls-empty');
      try {
        await assert.rejects(find({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: empty.path }), {
          name: 'DockerUnavailable',
          why: /no TLS connection came about/,
        });
        await assert.rejects(find({}), { name: 'DockerUnavailable' });
      } finally {
        await empty.remove();
      }
    });
  });
});

/** An authority, a server and a client, as Docker's documentation makes them: ca.pem, cert.pem, key.pem. */
async function certificates(cwd: string): Promise<void> {
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd });
  const subject = (name: string): string[] => ['-subj', `/CN=${name}`];
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...fresh,
    ...subject('ca'),
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-days',
    '2',
  );
  await fs.writeFile(path.join(cwd, 'names'), 'subjectAltName=IP:127.0.0.1');
  for (const [name, cert, key] of [
    ['server', 'server.pem', 'server-key.pem'],
    ['client', 'cert.pem', 'key.pem'],
  ] as const) {
    await openssl('req', ...fresh, ...subject(name), '-keyout', key, '-out', 'request.pem');
    const signed = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca-key.pem',
      '-CAcreateserial',
      '-extfile',
      'names',
      '-days',
      '2',
    ];
    await openssl('x509', '-req', '-in', 'request.pem', ...signed, '-out', cert);
  }
}
