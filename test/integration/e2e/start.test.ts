import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import net from 'node:net';
import { once } from 'node:events';
import { TestCluster } from '../../support/testCluster.ts';
import { until } from '../../support/until.ts';

const dags = fileURLToPath(new URL('../../../cluster/airflow/dags', import.meta.url));

describe('up in the foreground', function () {
  this.timeout(240_000);
  let cluster: TestCluster;
  beforeEach(async () => (cluster = await TestCluster.make()));
  afterEach(() => cluster.remove());

  it('runs the example to success, revives a killed service, and ends everything on Ctrl-C', async () => {
    // A port in use is not taken, and named.
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
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
      other.close();
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
        limitMs: 10_000,
        what: 'the end of all',
      });
    } finally {
      up.child.kill('SIGKILL');
    }
  });
});
