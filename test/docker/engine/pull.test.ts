import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { findImage } from '../../../src/docker/image.ts';
import { ensureImage, type PullOptions } from '../../../src/docker/pull.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { TestRegistry } from '../support/registry.ts';

const megabyte = 1_000_000;

describe('pulling from a registry', () => {
  const never = new AbortController().signal;
  let registry: TestRegistry;
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let engine: DockerEngine;
  let pulled: string[];

  beforeEach(async () => {
    registry = await TestRegistry.start();
    home = await temporaryFolder('docker-config');
    const found = await findDocker({ env: process.env, signal: never });
    engine = { ...found, env: { ...process.env, DOCKER_CONFIG: home.path } };
    pulled = [];
  });

  afterEach(async () => {
    for (const name of pulled) {
      if (await findImage(engine, name)) await engine.docker.getImage(name).remove({ force: true });
    }
    await registry.stop();
    await home.remove();
  });

  function pull(name: string, options: Partial<PullOptions> = {}): ReturnType<typeof ensureImage> {
    pulled.push(name);
    return ensureImage(engine, name, { signal: never, ...options });
  }

  async function configure(configuration: object): Promise<void> {
    await fs.writeFile(path.join(home.path, 'config.json'), JSON.stringify(configuration));
  }

  /** A helper on PATH that answers with a shell script's output. */
  async function helper(name: string, script: string): Promise<void> {
    const file = path.join(home.path, `docker-credential-${name}`);
    await fs.writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    engine = { ...engine, env: { ...engine.env, PATH: `${home.path}:${process.env.PATH ?? ''}` } };
  }

  it('tells layers and megabytes, and does not ask for an image that is there', async () => {
    const name = await registry.offer('docker-test/three:1', {
      layers: [
        { bytes: 2 * megabyte, serving: 'slowly' },
        { bytes: 3 * megabyte, serving: 'slowly' },
        { bytes: megabyte / 4 },
      ],
    });
    const lines: string[] = [];
    const image = await pull(name, { onProgress: (line) => lines.push(line) });
    assert.equal(image.arch, 'amd64');
    assert.deepEqual(image.labels, { 'mesos-airflow-test': 'pull' });
    assert.deepEqual(image.repoTags, [name]);
    const counted = lines.filter((line) => /^\d of 3 layers · [1-4] of 6 MB$/.test(line));
    assert.ok(counted.length > 0, lines.join('\n'));
    assert.equal(lines.at(-1), '3 of 3 layers · 6 of 6 MB', lines.join('\n'));
    assert.equal(new Set(lines).size, lines.length, 'a line was told twice');

    const asked = registry.asked.length;
    const again = await pull(name, { onProgress: (line) => assert.fail(line) });
    assert.equal(again.id, image.id);
    assert.equal(registry.asked.length, asked);
  });

  it('notices that nothing comes any more', async () => {
    const name = await registry.offer('docker-test/stalled:1', {
      layers: [{ bytes: 1000 }, { bytes: 4 * megabyte, serving: 'halfway' }],
    });
    await assert.rejects(pull(name, { stallMs: 1500 }), (error: Error & { why?: string }) => {
      assert.equal(error.name, 'PullStalled');
      assert.match(
        error.why ?? '',
        /^nothing came from 127\.0\.0\.1:\d+ for 2 s \(1 of 2 layers · \d of 5 MB\)$/,
      );
      return true;
    });
    assert.equal(await findImage(engine, name), undefined);
  });

  it('is cancelled while a layer comes', async () => {
    const name = await registry.offer('docker-test/cancelled:1', {
      layers: [{ bytes: 8 * megabyte, serving: 'slowly' }],
    });
    const cancelled = new AbortController();
    const reason = new Error('the person has changed their mind');
    const pulling = pull(name, { signal: cancelled.signal });
    await until(() => registry.sending.size > 0, { what: 'a layer on its way' });
    cancelled.abort(reason);
    await assert.rejects(pulling, (error) => error === reason);
    await until(() => registry.cut === 1, { what: 'the end of the connection to the registry' });
    assert.equal(await findImage(engine, name), undefined);
  });

  it('sees an error inside the stream', async () => {
    const name = await registry.offer('docker-test/corrupted:1', {
      layers: [{ bytes: megabyte, serving: 'corrupted' }],
    });
    await assert.rejects(pull(name), { name: 'PullFailed', why: /verification failed/ });
  });

  it('says that there is no such image', async () => {
    const name = `${registry.host}/docker-test/nothing:1`;
    await assert.rejects(pull(name), {
      name: 'ImageNotFound',
      message: `${registry.host} has no image ${name}`,
    });
  });

  it('says that it is not for this processor', async () => {
    const name = await registry.offer('docker-test/foreign:1', {
      layers: [{ bytes: 1000 }],
      arch: 's390x',
      listed: true,
    });
    await assert.rejects(pull(name), { name: 'PlatformMissing' });
  });

  it('takes the platform that is asked for, and does not take another for it', async () => {
    const name = await registry.offer('docker-test/arm:1', {
      layers: [{ bytes: 1000 }],
      arch: 'arm64',
      listed: true,
    });
    assert.equal((await pull(name, { platform: 'linux/arm64' })).arch, 'arm64');
    await assert.rejects(pull(name, { platform: 'linux/amd64' }), { name: 'PlatformMissing' });
  });

  it('tells a registry that is not there from one that refuses', async () => {
    const name = await registry.offer('docker-test/any:1', { layers: [{ bytes: 1000 }] });
    registry.refusal = {
      status: 429,
      code: 'TOOMANYREQUESTS',
      message: 'You have reached your pull rate limit',
    };
    await assert.rejects(pull(name), { name: 'RegistryLimited' });
    registry.refusal = { status: 503, code: 'UNAVAILABLE', message: 'maintenance' };
    await assert.rejects(pull(name), { name: 'RegistryUnreachable' });
    await registry.stop();
    await assert.rejects(pull(name), { name: 'RegistryUnreachable', why: /connection refused/ });
    await assert.rejects(pull('registry.invalid/docker-test/any:1'), { name: 'RegistryUnreachable' });
    registry = await TestRegistry.start();
  });

  for (const how of ['basic', 'token'] as const) {
    describe(`with a login (${how})`, () => {
      let name: string;
      beforeEach(async () => {
        name = await registry.offer('docker-test/private:1', { layers: [{ bytes: 1000 }] });
        registry.login = { how, user: 'ann', password: 'p/a+s:s' };
      });

      it('says that one is needed', async () => {
        await assert.rejects(pull(name), {
          name: 'RegistryRefused',
          message: `${registry.host} wants a login for ${name}`,
          next: `Log in: docker login ${registry.host}.`,
        });
      });

      it('takes the one of config.json, and says when it is wrong', async () => {
        await configure({ auths: { [registry.host]: { auth: base64('ann:wrong') } } });
        await assert.rejects(pull(name), {
          name: 'RegistryRefused',
          message: `${registry.host} refuses the login of ann for ${name}`,
        });
        await configure({ auths: { [`https://${registry.host}/v2/`]: { auth: base64('ann:p/a+s:s') } } });
        await pull(name);
      });

      it('asks the credential helper', async () => {
        const received = path.join(home.path, 'received');
        await helper('test', `cat > ${received}; echo '{"Username":"ann","Secret":"p/a+s:s"}'`);
        await configure({ credHelpers: { [registry.host]: 'test' }, credsStore: 'absent' });
        await pull(name);
        assert.equal(await fs.readFile(received, 'utf8'), registry.host);
      });

      it('says why there was none although a helper is configured', async () => {
        await configure({ credsStore: 'absent' });
        await assert.rejects(pull(name), {
          name: 'RegistryRefused',
          why: /docker-credential-absent, which config\.json names for this registry, is not on PATH/,
        });
        await helper('locked', 'echo "the key ring is locked"; exit 1');
        await configure({ credsStore: 'locked' });
        await assert.rejects(pull(name), { why: /docker-credential-locked failed .*the key ring is locked/ });
      });
    });
  }

  it('pulls what needs no login although the helper is missing', async () => {
    await configure({ credsStore: 'absent' });
    await pull(await registry.offer('docker-test/public:1', { layers: [{ bytes: 1000 }] }));
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
