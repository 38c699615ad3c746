import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordedParts } from '../../../src/api/cluster.ts';
import { lockHolder } from '../../../src/host/lock.ts';
import { isAlive, type ProcessIdentity } from '../../../src/host/processes.ts';
import { TestCluster } from '../../support/testCluster.ts';
import { until } from '../../support/until.ts';

const dags = fileURLToPath(new URL('../../../cluster/airflow/dags', import.meta.url));

describe('an embedded cluster that nobody watches', function () {
  this.timeout(240_000);
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.make();
    const { status, stdout, stderr } = await cluster.run('up', '--detach', '--agents', '1', '--dags', dags);
    assert.equal(status, 0, `${stdout}${stderr}${await cluster.logs()}`);
  });
  after(async () => {
    await cluster.remove();
    assert.deepEqual(await cluster.processes(), [], 'nothing is left behind');
  });

  function supervisor(): Promise<ProcessIdentity | undefined> {
    return lockHolder(path.join(cluster.folder.root, 'supervisor.lock'));
  }

  async function otherService(pid: number): Promise<number> {
    return until(
      async () => {
        const now = await cluster.runtime();
        return now.pid !== pid && (await isAlive(now)) && now.pid;
      },
      { limitMs: 30_000, what: 'a new service' },
    );
  }

  it('has a supervisor that costs little', async () => {
    const found = await supervisor();
    assert.ok(found);
    // What is its own: the pages of the Node binary it shares with the service.
    const rollup = await fs.readFile(`/proc/${found.pid}/smaps_rollup`, 'utf8');
    const proportional = Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1]) / 1024;
    assert.ok(proportional < 40, `${proportional} MB`);
  });

  it('gets a killed service back, each time, and its parts live on', async () => {
    const parts = await fs.readFile(cluster.folder.parts, 'utf8');
    let { pid } = await cluster.runtime();
    for (let time = 0; time < 2; time += 1) {
      process.kill(pid, 'SIGKILL');
      pid = await otherService(pid);
    }
    assert.equal(await fs.readFile(cluster.folder.parts, 'utf8'), parts);
    assert.equal((await cluster.run('status')).status, 0);
  });

  it('keeps its one supervisor when it is joined', async () => {
    const before = await supervisor();
    assert.equal((await cluster.run('up', '--detach')).status, 0);
    assert.deepEqual(await supervisor(), before);
  });

  it('tells who watches it of a part that dies and comes back, and of its end', async () => {
    interface Line {
      readonly type: string;
      readonly part?: string;
      readonly state?: string;
      readonly detail?: string;
    }
    const watch = cluster.start('watch', '--progress', 'json');
    const lines = (): Line[] =>
      watch
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line);
    const told = (state: string) =>
      lines().find((line) => line.type === 'incident' && line.part === 'agent-1' && line.state === state);
    try {
      await until(
        async () => {
          // What dies before the watch has seen it alive is not told.
          const { parts } = recordedParts.parse(JSON.parse(await fs.readFile(cluster.folder.parts, 'utf8')));
          const agent = parts.find(({ name }) => name === 'agent-1');
          if (agent && (await isAlive(agent))) process.kill(agent.pid, 'SIGKILL');
          return told('restarting');
        },
        { limitMs: 60_000, everyMs: 3000, what: 'the incident' },
      );
      assert.match(told('restarting')?.detail ?? '', /it ended/);
      await until(() => told('running'), { limitMs: 60_000, what: 'its return' });
      assert.equal((await cluster.run('down')).status, 0);
      assert.equal((await watch.ended).status, 0, watch.stderr());
      assert.equal(lines().at(-1)?.type, 'ended');
      assert.deepEqual(
        lines().filter((line) => line.type === 'notice'),
        [],
      );
    } finally {
      watch.child.kill('SIGKILL');
    }
    assert.equal((await cluster.run('up', '--detach')).status, 0);
  });

  it('stays down when it was brought down, even while its service had just died', async () => {
    const { pid } = await cluster.runtime();
    const before = await supervisor();
    assert.ok(before);
    process.kill(pid, 'SIGKILL');
    const { status, stderr } = await cluster.run('down');
    assert.equal(status, 0, stderr);
    assert.equal(await isAlive(before), false, 'the supervisor ends with its cluster');
    assert.deepEqual(await cluster.processes(), []);
    await assert.rejects(cluster.runtime(), 'nobody starts it again');
  });
});
