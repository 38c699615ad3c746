import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCluster } from '../../../src/client/discover.ts';
import { DagsFolderNotMounted, ResourceNameTaken } from '../../../src/engines/docker/errors.ts';
import type { DockerSettings } from '../../../src/engines/docker/settings.ts';
import type { ProgressEvent } from '../../../src/engines/phases.ts';
import { until } from '../../support/until.ts';
import { TestClusters, Told } from '../support/clusters.ts';
import { TestRegistry } from '../support/registry.ts';

const never = new AbortController().signal;

describe('a start in Docker that does not come to its end', function () {
  this.timeout(300_000);
  const name = 'test-start';
  let clusters: TestClusters;

  before(async () => {
    clusters = await TestClusters.make();
  });

  after(async () => {
    await (clusters as TestClusters | undefined)?.remove();
  });

  afterEach(async () => {
    const watch = { progress: () => undefined, signal: never };
    await clusters.engine().delete(name, watch, { keepImages: true });
  });

  /** Starts, and cancels as soon as the progress is as `when` says. Returns what was told. */
  async function cancelled(
    when: (event: ProgressEvent) => boolean,
    settings: DockerSettings = {},
  ): Promise<Told> {
    const told = new Told();
    const cancel = new AbortController();
    const reason = new Error('cancelled by the test');
    told.on((event) => {
      if (when(event)) cancel.abort(reason);
    });
    const request = clusters.request(name, { agents: 1, ...settings });
    await assert.rejects(
      clusters.engine().up(request, { progress: told.progress, signal: cancel.signal }),
      (error: unknown) => error === reason,
    );
    assert.ok(cancel.signal.aborted, told.phases.join('\n'));
    return told;
  }

  async function nothingIsLeft(): Promise<void> {
    const { containers, networks, tasks, volumes } = await clusters.found(name);
    assert.deepEqual([containers, networks, tasks, volumes], [[], [], [], []]);
  }

  const begins =
    (phase: string, detail = '') =>
    (event: ProgressEvent): boolean =>
      event.type === 'phase' &&
      event.phase === phase &&
      event.state === 'running' &&
      event.detail.includes(detail);

  it('leaves nothing where it is cancelled while an image is pulled', async () => {
    const registry = await TestRegistry.start();
    try {
      const databaseImage = await registry.offer('slow/postgres:1', {
        layers: [{ bytes: 4_000_000, serving: 'slowly' }],
      });
      const told = await cancelled(begins('PostgreSQL image', 'MB'), { databaseImage });
      assert.ok(
        told.phases.some((phase) => phase.startsWith('PostgreSQL image failed')),
        told.phases.join('\n'),
      );
      await nothingIsLeft();
    } finally {
      await registry.stop();
    }
  });

  it('leaves nothing where it is cancelled while an image is built', async () => {
    await fs.mkdir(path.join(clusters.home, 'dags'), { recursive: true });
    // Never built before.
    await fs.writeFile(path.join(clusters.home, 'requirements.txt'), `# ${Date.now()}\ncolorama\n`);
    try {
      await cancelled(begins('Airflow image', 'install.py requirements'), {
        dagsFolder: path.join(clusters.home, 'dags'),
      });
      await nothingIsLeft();
    } finally {
      await fs.rm(path.join(clusters.home, 'requirements.txt'));
    }
  });

  for (const detail of ['network and volumes', 'making 8 containers', 'secrets', 'starting']) {
    it(`leaves nothing where it is cancelled at: ${detail}`, async () => {
      await cancelled(begins('Containers', detail));
      await nothingIsLeft();
    });
  }

  it('keeps the logs where it is cancelled while the parts come up', async () => {
    const told = await cancelled(begins('Airflow'));
    await nothingIsLeft();
    const logs = await fs.readdir(clusters.folder(name).logs);
    assert.ok(logs.includes('service.log') && logs.includes('api-server.log'), logs.join(' '));
    const service = await fs.readFile(path.join(clusters.folder(name).logs, 'service.log'), 'utf8');
    assert.match(service, /listening/);
    assert.ok(
      told.phases.some((phase) => phase.startsWith('Roll back done')),
      told.phases.join('\n'),
    );
    assert.equal((await findCluster(name, clusters.folders))?.state, 'stopped');
    const lines: string[] = [];
    for await (const line of clusters
      .engine()
      .partLog(name, 'service', { lines: 100, follow: false, signal: never })) {
      lines.push(line);
    }
    assert.ok(lines.some((line) => line.includes('listening')));
  });

  it('says who has the name of a container, and leaves that one alone', async () => {
    const other = await clusters.docker.docker.createContainer({
      name: `airflow-on-mesos-${name}-scheduler`,
      Image: clusters.settings.pythonImage ?? '',
    });
    try {
      const up = clusters.engine().up(clusters.request(name), { progress: () => undefined, signal: never });
      await assert.rejects(up, (error: unknown) => {
        assert.ok(error instanceof ResourceNameTaken);
        assert.match(error.message, /test-start-scheduler/);
        assert.match(error.why ?? '', /mesos-airflow-test\/python/);
        return true;
      });
      await nothingIsLeft();
      await other.inspect();
    } finally {
      await other.remove({ force: true });
    }
  });

  it('keeps all where that is asked for, and tells the part that does not start', async () => {
    const told = new Told();
    // Not a database: its command is not there.
    const settings = { agents: 1, databaseImage: clusters.settings.pythonImage ?? '', keepOnFailure: true };
    const up = clusters
      .engine()
      .up(clusters.request(name, settings), { progress: told.progress, signal: never });
    await assert.rejects(up, /cannot be the image of database/);
    assert.ok((await clusters.found(name)).containers.length > 0);
    assert.ok(
      told.notices.some((notice) => notice.includes('is kept')),
      told.notices.join('\n'),
    );
  });

  it('refuses a DAG folder that Docker cannot mount', async () => {
    const folder = path.join(clusters.home, 'gone');
    await fs.mkdir(folder);
    const told = new Told();
    told.on((event) => {
      // Gone between the check and the mount, as where Docker runs in a machine of its own.
      if (begins('Containers')(event)) void fs.rm(folder, { recursive: true, force: true });
    });
    const request = clusters.request(name, { agents: 1, dagsFolder: folder });
    await assert.rejects(
      clusters.engine().up(request, { progress: told.progress, signal: never }),
      DagsFolderNotMounted,
    );
    await nothingIsLeft();
  });

  it('is completed by the next `up` where it was killed', async () => {
    const script = fileURLToPath(new URL('../support/upInChild.ts', import.meta.url));
    const child = spawn(process.execPath, ['--no-warnings', script, clusters.home, name], {
      env: clusters.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.includes('"detail":"starting'), {
      limitMs: 120_000,
      what: 'the start of its containers',
    });
    child.kill('SIGKILL');
    await until(() => child.signalCode === 'SIGKILL');
    const half = (await clusters.found(name)).containers;
    assert.ok(half.length > 0);
    const listed = (await clusters.engine().list(never)).find((each) => each.name === name);
    assert.ok(listed, 'it is listed');
    const { cluster } = await clusters
      .engine()
      .up(clusters.request(name, { agents: 1 }), { progress: () => undefined, signal: never });
    assert.equal(cluster.state, 'ready');
    assert.equal((await clusters.found(name)).containers.length, 8);
  });
});
