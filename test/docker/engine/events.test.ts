import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Container } from 'dockerode';
import { findDocker, type DockerEngine } from '../../../src/docker/engine.ts';
import { containerEvents, type ContainerEvent } from '../../../src/docker/events.ts';
import { putFiles } from '../../../src/docker/files.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { BreakableDocker } from '../support/breakableDocker.ts';
import { importSmallImage } from '../support/smallImage.ts';

describe('events of containers', () => {
  const never = new AbortController().signal;
  let engine: DockerEngine;
  let image: string;
  let labels: Record<string, string>;
  let ended: AbortController;

  before(async () => {
    engine = await findDocker({ env: process.env, signal: never });
    image = await importSmallImage(engine);
  });

  beforeEach(() => {
    labels = { 'mesos-airflow-test.events': randomBytes(4).toString('hex') };
    ended = new AbortController();
  });

  afterEach(async () => {
    ended.abort();
    const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    for (const { Id } of await engine.docker.listContainers({ all: true, filters: { label } })) {
      await engine.docker.getContainer(Id).remove({ force: true });
    }
  });

  after(async () => {
    await engine.docker.getImage(image).remove({ force: true });
  });

  function create(command: string, more: object = {}): Promise<Container> {
    return engine.docker.createContainer({
      Image: image,
      Cmd: ['sh', '-c', command],
      Labels: labels,
      ...more,
    });
  }

  /** Gathers events until the test's end. */
  function watch(from: DockerEngine = engine): Watched {
    const watched: Watched = { events: [], connected: 0, lost: 0, done: Promise.resolve() };
    watched.done = (async () => {
      const all = containerEvents(from, {
        ...{ labels, signal: ended.signal },
        onConnected: () => (watched.connected += 1),
        onLost: () => (watched.lost += 1),
      });
      for await (const event of all) watched.events.push(event);
    })();
    return watched;
  }

  it('come with what happened, and only of the containers asked for', async () => {
    const watched = watch();
    await until(() => watched.connected === 1);
    const foreign = await create('true', { Labels: { 'mesos-airflow-test.events': 'another' } });
    await foreign.remove();
    const container = await create('until test -e /tmp/go; do sleep 0.1; done; exit 7', {
      name: `docker-test-${labels['mesos-airflow-test.events'] ?? ''}`,
      Healthcheck: { Test: ['CMD', 'test', 'x'], Interval: 100e6, Timeout: 5e9, Retries: 1 },
    });
    await container.start();
    await until(() => watched.events.some(({ action }) => action === 'health_status'));
    await putFiles(container, '/tmp', [{ path: 'go', content: '', mode: 0o600, uid: 0, gid: 0 }]);
    await until(() => watched.events.some(({ action }) => action === 'die'));
    await container.remove();
    await until(() => watched.events.some(({ action }) => action === 'destroy'));
    // A check that is under way when its container ends fails, and is told too.
    const actions = watched.events.map(({ action }) => action);
    assert.deepEqual([...new Set(actions)], ['create', 'start', 'health_status', 'die', 'destroy']);
    const [created, , healthy] = watched.events;
    const died = watched.events.find(({ action }) => action === 'die');
    assert.equal(created?.id, container.id);
    assert.equal(created.name, `docker-test-${labels['mesos-airflow-test.events'] ?? ''}`);
    assert.equal(created.image, image);
    assert.equal(created.labels['mesos-airflow-test.events'], labels['mesos-airflow-test.events']);
    assert.equal(healthy?.health, 'healthy');
    assert.equal(died?.exitCode, 7);
    assert.ok(Math.abs(died.time.getTime() - Date.now()) < 60_000);
    ended.abort();
    await watched.done;
  });

  it('come once each, also those of the time when Docker could not be reached', async () => {
    const folder = await temporaryFolder('docker-proxy');
    const proxy = new BreakableDocker(
      engine.endpoint.socketPath ?? '',
      path.join(folder.path, 'docker.sock'),
    );
    await proxy.listen();
    try {
      const proxied = await findDocker({ env: { ...process.env, DOCKER_HOST: proxy.host }, signal: never });
      const watched = watch(proxied);
      await until(() => watched.connected === 1);
      const first = await create('sleep 600');
      await first.start();
      await until(() => watched.events.length === 2);
      await proxy.cut();
      await until(() => watched.lost === 1);
      // What nobody hears of now.
      const second = await create('exit 3');
      await second.start();
      await second.wait();
      await first.kill({ signal: 'SIGKILL' });
      await first.wait();
      await proxy.listen();
      await until(() => watched.connected === 2);
      const third = await create('true');
      await until(() => watched.events.some(({ id }) => id === third.id));
      assert.deepEqual(
        watched.events.map(({ action, exitCode, id }) => [
          [first, second, third].findIndex((container) => container.id === id) + 1,
          action,
          ...(exitCode === undefined ? [] : [exitCode]),
        ]),
        [
          [1, 'create'],
          [1, 'start'],
          [2, 'create'],
          [2, 'start'],
          [2, 'die', 3],
          [1, 'kill'],
          [1, 'die', 137],
          [3, 'create'],
        ],
      );
      assert.equal(watched.lost, 1);
      ended.abort();
      await watched.done;
    } finally {
      await proxy.cut();
      await folder.remove();
    }
  });

  it('end quietly while Docker is away', async () => {
    const folder = await temporaryFolder('docker-proxy');
    const proxy = new BreakableDocker(
      engine.endpoint.socketPath ?? '',
      path.join(folder.path, 'docker.sock'),
    );
    await proxy.listen();
    try {
      const proxied = await findDocker({ env: { ...process.env, DOCKER_HOST: proxy.host }, signal: never });
      const watched = watch(proxied);
      await until(() => watched.connected === 1);
      await proxy.cut();
      await until(() => watched.lost === 1);
      ended.abort();
      await watched.done;
    } finally {
      await folder.remove();
    }
  });
});

interface Watched {
  readonly events: ContainerEvent[];
  connected: number;
  lost: number;
  done: Promise<void>;
}
