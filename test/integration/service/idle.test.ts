import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { listClusters, type Connection } from '../../../src/client/discover.ts';
import { isAlive } from '../../../src/host/processes.ts';
import { cliBundle, runCommand } from '../../support/commandLine.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { until } from '../../support/until.ts';

describe('a cluster that nobody uses', function () {
  this.timeout(90_000);
  let cluster: ServiceCluster;
  let connection: Connection;
  const left: AbortController[] = [];

  async function started(idleStop: number): Promise<void> {
    cluster = await ServiceCluster.make(1);
    await cluster.writeSpec({
      ...cluster.spec,
      service: { ...cluster.spec.service, idle_stop: idleStop },
    });
    connection = await cluster.start();
  }

  /** As an editor's window does. Returns once its first events came. */
  async function followed(): Promise<AbortController> {
    const stop = new AbortController();
    left.push(stop);
    const events: unknown[] = [];
    void connection.client.subscribe(
      { event: (event) => events.push(event) },
      { signal: stop.signal, topics: ['cluster'] },
    );
    await until(() => events.length > 0, { what: 'events' });
    return stop;
  }

  const env = (): NodeJS.ProcessEnv => ({
    MESOS_AIRFLOW_HOME: process.env.MESOS_AIRFLOW_HOME ?? '',
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  });
  const service = (): Promise<boolean> => isAlive({ pid: connection.handshake.pid, started: startedAt() });
  const startedAt = (): string => connection.cluster.runtime?.started ?? '';
  const hasEnded = (): Promise<boolean> => until(async () => !(await service()), { limitMs: 30_000 });

  afterEach(async () => {
    for (const stop of left.splice(0)) stop.abort();
    await cluster.remove();
  });

  it('ends itself once nobody follows it and no task runs, and says so until it is started again', async () => {
    await started(3);
    const window = await followed();
    await cluster.ready(connection);
    const { client } = connection;
    const task = cluster.request('lang', { waitFor: cluster.file('go') });
    assert.equal((await cluster.asAirflow('POST', 'tasks', { tasks: [task] })).status, 200);
    await until(async () => (await client.task(task.id)).state === 'running', { limitMs: 30_000 });
    assert.equal((await client.clients()).clients, 1);
    window.abort();
    // Longer than it may be idle: a task runs.
    const until6 = performance.now() + 6000;
    await until(() => performance.now() > until6, { limitMs: 40_000 });
    assert.equal(await service(), true);
    fs.writeFileSync(cluster.file('go'), '');
    await hasEnded();
    const [found] = await listClusters(cluster.folders);
    assert.equal(found?.state, 'stopped');
    assert.equal(found.stoppedItself?.idle_s, 3);
    const words = /stopped itself at \d\d:\d\d after 3 seconds in which nobody looked and nothing ran/;
    const list = await runCommand(['list'], { env: env() });
    assert.match(list.stdout, words);
    const status = await runCommand(['status', '--name', 'test'], { env: env() });
    assert.equal(status.status, 3);
    assert.match(status.stderr, words);
    connection = await cluster.start();
    assert.equal((await cluster.known()).stoppedItself, undefined);
    assert.equal(fs.existsSync(cluster.folder.stopped), false);
  });

  it('is left up by down --unless-used where somebody follows it, or comes back', async () => {
    await started(0);
    const window = await followed();
    const leave = async (seconds: string): Promise<string> => {
      const args = ['down', '--unless-used', seconds, '--name', 'test', '--progress', 'json'];
      return (await runCommand(args, { env: env() })).stdout;
    };
    assert.deepEqual(JSON.parse(await leave('0.2')), { type: 'kept', name: 'test', clients: 1 });
    window.abort();
    await until(async () => (await connection.client.clients()).clients === 0);
    // As a window that is reloaded.
    const leaving = leave('60');
    const began = performance.now();
    const look = performance.now() + 1500;
    await until(() => performance.now() > look, { limitMs: 5000 });
    await followed();
    assert.deepEqual(JSON.parse(await leaving), { type: 'kept', name: 'test', clients: 1 });
    assert.ok(performance.now() - began < 30_000, 'it did not wait for all of its time');
    assert.equal(await service(), true);
  });

  it('is ended by it where nobody does, by a process that nobody waits for', async () => {
    await started(0);
    const child = spawn(process.execPath, [cliBundle, 'down', '--unless-used', '1', '--name', 'test'], {
      env: { ...process.env, ...env() },
      detached: true,
      stdio: 'ignore',
    });
    child.unref();
    await hasEnded();
    await until(async () => (await cluster.known()).state === 'stopped', { limitMs: 40_000 });
    assert.equal((await cluster.known()).stoppedItself, undefined);
  });
});
