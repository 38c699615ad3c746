import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import net from 'node:net';
import { TestCluster } from '../../support/testCluster.ts';
import { until } from '../../support/until.ts';

const dags = fileURLToPath(new URL('../../../cluster/airflow/dags', import.meta.url));

describe('up in the foreground', function () {
  this.timeout(240_000);
  let cluster: TestCluster;
  beforeEach(async () => (cluster = await TestCluster.make()));
  afterEach(() => cluster.remove());

  it('runs the example to success, revives a killed service, and ends everything on Ctrl-C', async () => {
    const up = cluster.start('up', '--dags', dags, '--run', 'weather_report');
    try {
      await until(() => up.stdout().includes('Stop with Ctrl-C') || up.child.exitCode !== null, {
        limitMs: 200_000,
        what: 'the run',
      });
      const said = `${up.stdout()}${up.stderr()}`;
      assert.equal(up.child.exitCode, null, said);
      assert.match(up.stdout(), /^success in \d/m, said);
      assert.match(up.stdout(), /^write_report +✓ success +agent-[12] /m);
      assert.match(up.stdout(), /^write_report · agent-[12]/m, 'the log says where it came from');
      assert.match(up.stdout(), /^Airflow +http:\/\/127\.0\.0\.1:\d+/m);
      assert.ok(!up.stdout().includes(String.fromCharCode(27)), 'no control sequences without a terminal');

      const { pid } = await cluster.runtime();
      process.kill(pid, 'SIGKILL');
      await until(async () => (await cluster.runtime()).pid !== pid, {
        limitMs: 30_000,
        what: 'a new service',
      });

      up.child.kill('SIGINT');
      assert.equal((await up.ended).status, 0, up.stderr());
      assert.deepEqual(await cluster.processes(), []);
    } finally {
      up.child.kill('SIGKILL');
    }
  });

  it('takes other ports where the customary ones are in use, and names them', async () => {
    const others = [net.createServer(), net.createServer()];
    // Where another program has one of them already, that serves as well.
    const taken = others.map(
      (server, index) =>
        new Promise<void>((resolve) => {
          server.once('error', () => resolve());
          server.listen([5050, 8080][index], '127.0.0.1', resolve);
        }),
    );
    const up = cluster.start('up', '--dags', dags, '--agents', '1');
    try {
      await Promise.all(taken);
      // Each is said in a line of its own, which may arrive by itself.
      const portOf = (words: RegExp): Promise<string> =>
        until(() => words.exec(up.stdout())?.[1], {
          limitMs: 120_000,
          what: `${words.source} in what up says`,
        });
      const master = await portOf(/Port 5050 is in use: the Mesos master takes (\d+)\./);
      const airflow = await portOf(/Port 8080 is in use: Airflow takes (\d+)\./);
      assert.notEqual(master, '5050');
      assert.notEqual(airflow, '8080');
      await until(() => up.stdout().includes(`http://127.0.0.1:${master}`), { limitMs: 120_000 });
      up.child.kill('SIGHUP');
      assert.equal((await up.ended).status, 130, up.stderr());
      assert.deepEqual(await cluster.processes(), []);
    } finally {
      up.child.kill('SIGKILL');
      for (const server of others) server.close();
    }
  });

  it('interrupted in the middle of the start leaves no process, and keeps the logs', async () => {
    const up = cluster.start('up', '--dags', dags);
    try {
      await until(() => /^. Mesos master/m.test(up.stdout()), { limitMs: 120_000, what: 'the first phases' });
      up.child.kill('SIGTERM');
      assert.equal((await up.ended).status, 130, up.stderr());
      assert.deepEqual(await cluster.processes(), []);
      assert.match(await cluster.logs(), /service\.log/);
    } finally {
      up.child.kill('SIGKILL');
    }
  });

  it('killed by a second Ctrl-C leaves no process either', async () => {
    const up = cluster.start('up', '--dags', dags);
    try {
      await until(() => /^. Mesos agents/m.test(up.stdout()), { limitMs: 120_000, what: 'the agents' });
      up.child.kill('SIGINT');
      await until(() => up.stdout().includes('Stop') || up.child.exitCode !== null, { limitMs: 30_000 });
      await new Promise((resolve) => setTimeout(resolve, 800));
      up.child.kill('SIGINT');
      const { status } = await up.ended;
      assert.equal(status, 130);
      await until(async () => (await cluster.processes()).length === 0, {
        limitMs: 40_000,
        what: 'the end of all',
      });
    } finally {
      up.child.kill('SIGKILL');
    }
  });
});
