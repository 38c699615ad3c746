import assert from 'node:assert/strict';
import net from 'node:net';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { chooseDistribution } from '../../../src/engines/docker/mesos/choose.ts';
import { askDocker } from '../../../src/engines/docker/mesos/imageSource.ts';
import { ensureStandIns, standIns } from '../support/apacheMesos/standIns.ts';
import { TestRegistry } from '../support/registry.ts';

describe("asking whether Apache's images can be had", function () {
  this.timeout(60_000);
  const never = new AbortController().signal;
  let engine: DockerEngine;
  let registry: TestRegistry;

  before(async function () {
    this.timeout(900_000);
    engine = await findDocker({ env: process.env, signal: never });
    await ensureStandIns(engine);
  });

  beforeEach(async () => {
    registry = await TestRegistry.start();
  });

  afterEach(() => registry.stop());

  it('asks no registry for an image that is here', async () => {
    const state = await askDocker(engine.docker)(standIns.master, never);
    assert.deepEqual(state, { kind: 'present', architecture: engine.info.arch });
  });

  for (const listed of [true, false]) {
    it(`learns for which processor ${listed ? 'a list of' : 'an image'} is, without fetching it`, async () => {
      const image = { layers: [{ bytes: 100_000 }], arch: 'arm64', listed };
      const name = await registry.offer('mesos-test/elsewhere:1', image);
      const state = await askDocker(engine.docker)(name, never);
      assert.deepEqual(state, { kind: 'offered', architectures: ['arm64'] });
      assert.equal(registry.sending.size, 0);
    });
  }

  it('tells an image that does not exist from a registry that cannot be reached', async () => {
    const ask = askDocker(engine.docker);
    assert.deepEqual(await ask(`${registry.host}/mesos-test/nothing:1`, never), { kind: 'missing' });
    const { host } = registry;
    await registry.stop();
    const state = await ask(`${host}/mesos-test/nothing:1`, never);
    assert.equal(state.kind, 'unreachable');
    registry = await TestRegistry.start();
  });

  it('does not wait for a registry that is silent', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => silent.once('listening', resolve));
      const { port } = silent.address() as net.AddressInfo;
      const started = performance.now();
      const limit = AbortSignal.timeout(300);
      const state = await askDocker(engine.docker)(`127.0.0.1:${port}/mesos-test/silent:1`, limit);
      assert.deepEqual(state, { kind: 'unreachable', why: 'its registry did not answer in time' });
      assert.ok(performance.now() - started < 5000);
    } finally {
      silent.close();
    }
  });

  it('decides within seconds where the presets have none of their images here', async function () {
    if (await isHere('mesosphere/mesos-slave:1.7.1')) this.skip();
    const started = performance.now();
    const choice = await chooseDistribution({ engine, settings: {}, agents: 1, signal: never });
    assert.ok(performance.now() - started < 10_000);
    assert.notEqual(choice.why, '');
  });

  async function isHere(image: string): Promise<boolean> {
    return (await engine.docker.listImages({ filters: { reference: [image] } })).length > 0;
  }
});
