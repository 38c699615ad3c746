import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import type { PartView, TaskRun } from '../../../src/api/people.ts';
import { connect, type Connection } from '../../../src/client/discover.ts';
import {
  ForeignService,
  ServiceInContainer,
  ServiceProblem,
  ServiceUnreachable,
} from '../../../src/client/errors.ts';
import { ensureService, startService } from '../../../src/client/start.ts';
import { ContainerCluster } from '../../support/containerCluster.ts';
import { until } from '../../support/until.ts';

describe('the service of a cluster in Docker', function () {
  this.timeout(60_000);
  let cluster: ContainerCluster;
  let connection: Connection;

  before(async () => {
    cluster = await ContainerCluster.make();
    connection = await cluster.startAll();
  });

  after(async () => {
    await cluster.remove();
  });

  async function inState(id: string, state: string): Promise<TaskRun> {
    return until(
      async () => {
        const task = await connection.client.task(id);
        return task.state === state ? task : undefined;
      },
      { limitMs: 30_000, what: `${state} of ${id}` },
    );
  }

  async function partIn(name: string, state: PartView['state'], limitMs = 20_000): Promise<PartView> {
    return until(
      async () => {
        const part = await cluster.part(connection, name);
        return part.state === state ? part : undefined;
      },
      { limitMs, what: `${name} ${state}` },
    );
  }

  const isStatus = (status: number) => (error: unknown) =>
    error instanceof ServiceProblem && error.status === status && error.next !== '';

  it('finds all parts in order by what they answer', async () => {
    const view = await cluster.ready(connection);
    assert.equal(view.engine, 'docker');
    assert.deepEqual(view.mesos, { distribution: 'dev', why: 'a test has no registry' });
    assert.deepEqual(
      view.parts.map(({ name, state, pid }) => [name, state, pid]),
      cluster.spec.parts.map(({ name }) => [name, 'ready', null]),
    );
    const [database] = view.parts;
    assert.equal(database?.container, 'airflow-on-mesos-boxed-database');
    assert.equal(database.log, 'docker logs airflow-on-mesos-boxed-database');
    assert.equal(view.master.url, `http://127.0.0.1:${cluster.spec.mesos.master_port}`);
    assert.equal(view.airflow?.url, `http://127.0.0.1:${cluster.spec.airflow.port}`);
    assert.equal(connection.handshake.cluster, 'boxed');
  });

  it('runs a task to success, and reads its output', async () => {
    const request = cluster.request('lesen');
    await cluster.submit(request);
    const task = await inState(request.id, 'finished');
    assert.match(task.agent ?? '', /^agent-[12]$/);
    const { data, source } = await connection.client.log(request.id);
    assert.match(data, /hello from lesen/);
    assert.match(source, /^agent-[12]:/);
    const journal = await fs.readFile(cluster.file('journal'), 'utf8');
    const { env } = JSON.parse(journal.trim()) as { env: Record<string, string> };
    assert.equal(env.CITY, 'Köln');
    assert.equal(env.HTTP_PROXY, 'http://proxy.example:3128');
  });

  it('lets nobody in from the network without a token, and by no other name', async () => {
    const base = `http://127.0.0.1:${cluster.spec.service.port}/v1`;
    assert.equal((await fetch(`${base}/cluster`)).status, 401);
    assert.equal((await fetch(`${base}/parts/database/report`, { method: 'POST', body: '{}' })).status, 401);
    const status = await new Promise((resolve, reject) => {
      const request = http.get(`${base}/identity`, { headers: { Host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.once('error', reject);
    });
    assert.equal(status, 403);
  });

  for (const name of ['agent-1', 'mesos-master', 'database', 'api-server']) {
    it(`sees the death of the ${name} by itself within two seconds, and its return`, async () => {
      await cluster.kill(name);
      const dead = await partIn(name, 'restarting', 2000);
      assert.match(dead.detail, /nothing answers at/);
      const view = await connection.client.cluster();
      assert.equal(view.state, 'degraded');
      assert.match(view.problem ?? '', new RegExp(name));
      cluster.start(name);
      assert.equal((await partIn(name, 'ready')).restarts, 1);
      await cluster.ready(connection);
    });
  }

  it('runs tasks and reads logs after all that', async () => {
    const request = cluster.request('danach');
    await cluster.submit(request);
    await inState(request.id, 'finished');
    assert.match((await connection.client.log(request.id)).data, /hello from danach/);
  });

  it('shows a reported exit at once, until a new life is certain', async () => {
    const { client } = connection;
    const at = Date.now();
    await cluster.beat('scheduler', at - 1);
    await client.reportPart('scheduler', { state: 'restarting', detail: 'status 137: out of memory', at });
    const dead = await cluster.part(connection, 'scheduler');
    assert.deepEqual([dead.state, dead.detail], ['restarting', 'status 137: out of memory']);
    assert.match((await client.cluster()).problem ?? '', /scheduler is restarting/);

    await client.reportPart('scheduler', { state: 'running', detail: '', at: at + 1 });
    const begun = await cluster.part(connection, 'scheduler');
    assert.deepEqual([begun.state, begun.restarts], ['starting', 1]);
    // The api-server calls it healthy by the beats of its earlier life: that does not make it ready.
    await partIn('dag-processor', 'ready');
    assert.equal((await cluster.part(connection, 'scheduler')).state, 'starting');
    await cluster.beat('scheduler', null);
    assert.equal((await partIn('scheduler', 'ready')).restarts, 1);

    // What is older than the last sign of life is history.
    await client.reportPart('scheduler', { state: 'exited', detail: 'long ago', at: at - 60_000 });
    assert.deepEqual(
      (({ state, restarts }) => [state, restarts])(await cluster.part(connection, 'scheduler')),
      ['ready', 1],
    );
  });

  it('takes reports of its parts only, and only as they are meant', async () => {
    const { client } = connection;
    await assert.rejects(
      client.reportPart('nobody', { state: 'running', detail: '', at: Date.now() }),
      isStatus(404),
    );
    await assert.rejects(
      client.reportPart('agent-1', { state: 'lost' as 'exited', detail: '', at: Date.now() }),
      isStatus(400),
    );
  });

  it('does not end what is not its own', async () => {
    await assert.rejects(connection.client.shutdown(), (error: unknown) => {
      assert.ok(error instanceof ServiceProblem && error.status === 409);
      assert.match(error.next ?? '', /mesos-airflow down/);
      return true;
    });
    assert.equal((await connection.client.cluster()).state, 'ready');
  });

  it('ends in order on SIGTERM, at once, and goes on where it was', async () => {
    const gate = cluster.file('gate');
    const request = cluster.request('lang', { waitFor: gate });
    await cluster.submit(request);
    await inState(request.id, 'running');
    const { service } = cluster;
    const ended = once(service, 'exit');
    const begun = Date.now();
    service.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.ok(Date.now() - begun < 3000);
    assert.match(cluster.output, /info ended\n$/);

    const refused = Date.now();
    await assert.rejects(connect(await cluster.known()), (error: unknown) => {
      assert.ok(error instanceof ServiceUnreachable);
      assert.match(error.next ?? '', /Docker.*docker logs airflow-on-mesos-boxed-service/);
      return true;
    });
    assert.ok(Date.now() - refused < 1000);

    await fs.writeFile(gate, '');
    connection = await cluster.startService();
    await cluster.ready(connection);
    await inState(request.id, 'finished');
  });

  it('is never started by a client', async () => {
    const { folders } = cluster;
    await assert.rejects(startService(await cluster.known(), { folders }), ServiceInContainer);
    assert.equal((await ensureService('boxed', { folders })).handshake.pid, connection.handshake.pid);
  });

  it('is told from a stranger that got its port, who learns no token', async () => {
    const ended = once(cluster.service, 'exit');
    cluster.service.kill('SIGTERM');
    await ended;
    const heard: string[] = [];
    const answers = [
      (response: http.ServerResponse) => response.writeHead(404).end('Not found'),
      (response: http.ServerResponse) => response.end('<html>'),
      (response: http.ServerResponse) => response.end('{"cluster":"other","proof":"x"}'),
      (response: http.ServerResponse) => response.end('{"cluster":"boxed","proof":"x"}'),
    ];
    for (const answer of answers) {
      const stranger = http.createServer((request, response) => {
        heard.push(`${request.url ?? ''} ${JSON.stringify(request.headers)}`);
        answer(response);
      });
      stranger.listen(cluster.spec.service.port, '127.0.0.1');
      await once(stranger, 'listening');
      await assert.rejects(connect(await cluster.known()), ForeignService);
      stranger.closeAllConnections();
      await new Promise((resolve) => stranger.close(resolve));
    }
    assert.equal(heard.length, answers.length);
    assert.doesNotMatch(heard.join('\n'), /authorization|bearer/i);

    const other = net.createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'));
    other.listen(cluster.spec.service.port, '127.0.0.1');
    await once(other, 'listening');
    await assert.rejects(connect(await cluster.known()), ForeignService);
    await new Promise((resolve) => other.close(resolve));
    connection = await cluster.startService();
  });

  it('says which secret was not given to it', async () => {
    const ended = once(cluster.service, 'exit');
    cluster.service.kill('SIGTERM');
    await ended;
    const file = path.join(cluster.volume.secrets, 'mesos.credentials');
    const content = await fs.readFile(file, 'utf8');
    await fs.rm(file);
    assert.deepEqual(await once(cluster.runService(), 'exit'), [1, null]);
    assert.match(cluster.output, /mesos\.credentials is missing\n.*\n.*mesos-airflow up/);
    await fs.writeFile(file, content, { mode: 0o600 });
    connection = await cluster.startService();
    await cluster.ready(connection);
  });

  it('never wrote a secret into its log', async () => {
    for (const name of await fs.readdir(cluster.volume.secrets)) {
      const secret = (await fs.readFile(path.join(cluster.volume.secrets, name), 'utf8')).trim();
      assert.ok(!cluster.output.includes(secret.split(' ').at(-1) ?? secret), name);
    }
  });
});
