import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import type { ClusterEvent, ClusterView, TaskRun } from '../../../src/api/people.ts';
import { connect, findCluster, type Connection } from '../../../src/client/discover.ts';
import { ServiceProblem } from '../../../src/client/errors.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { bundle } from '../../support/bundles.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { until } from '../../support/until.ts';

/** What one look at a cluster sees. */
interface Look {
  readonly at: number;
  readonly cluster: ClusterView;
  readonly rest: readonly unknown[];
}

describe('a recording of a real cluster', function () {
  this.timeout(120_000);
  let cluster: ServiceCluster;
  let connection: Connection;
  let program: string;
  const children: ChildProcess[] = [];
  const looks: Look[] = [];
  const file = (): string => cluster.file('run.mesos-airflow.jsonl.gz');

  before(async () => {
    cluster = await ServiceCluster.make();
    program = path.join(path.dirname(cluster.spec.service.program), 'cli.cjs');
    await bundle(['cli'], path.dirname(program));
    connection = await cluster.start();
    await cluster.ready(connection);
  });

  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await cluster.remove();
  });

  /** Once nothing has changed for so long that all is written down. */
  async function look(client: ServiceClient): Promise<Look> {
    const see = async () => {
      const [{ recording, ...cluster }, ...rest] = await Promise.all([
        client.cluster(),
        client.agents(),
        client.frameworks(),
        client.tasks(),
        client.offers(),
      ]);
      return { cluster, rest, recording };
    };
    let last = '';
    let since = 0;
    return until(
      async () => {
        const { cluster, rest } = await see();
        const now = JSON.stringify([cluster, rest]);
        if (now !== last) since = Date.now();
        last = now;
        return Date.now() - since > 2500 ? { at: Date.now(), cluster, rest } : undefined;
      },
      { limitMs: 30_000, everyMs: 100, what: 'a quiet cluster' },
    );
  }

  async function run(task: string): Promise<void> {
    const request = cluster.request(task);
    const answer = await cluster.asAirflow('POST', 'tasks', { tasks: [request] });
    assert.equal(answer.status, 200, answer.text);
    await until(async () => (await connection.client.task(request.id)).state === 'finished', {
      limitMs: 30_000,
      what: `the end of ${task}`,
    });
  }

  function command(...args: string[]): {
    child: ChildProcess;
    lines: string[];
    ended: Promise<number | null>;
  } {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const lines: string[] = [];
    readline.createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    readline.createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, lines, ended };
  }

  it('has what happened, also before its service was killed', async () => {
    looks.push(await look(connection.client));
    await run('first');
    looks.push(await look(connection.client));
    await cluster.killService(connection);
    connection = await cluster.ensure();
    await cluster.ready(connection);
    await run('second');
    looks.push(await look(connection.client));

    const { lines, ended } = command('record', '--name', 'test', '--raw', '--json', '--output', file());
    assert.equal(await ended, 0, lines.join('\n'));
    const saved = JSON.parse(lines.join('\n')) as { from: number; to: number; changes: number };
    assert.ok(saved.from < (looks[0]?.at ?? 0) && saved.to >= (looks[2]?.at ?? 0));
    assert.equal((await fs.stat(file())).mode & 0o777, 0o600);
    // Another one never takes its place.
    assert.equal(await command('record', '--name', 'test', '--output', file()).ended, 2);
  });

  it('is shown as the cluster was, at each time, forward and back, and followed like one', async () => {
    const { child, lines, ended } = command(
      ...['replay', file(), '--name', 'shown', '--paused', '--progress', 'json'],
    );
    await until(() => lines.some((line) => line.includes('"serving"')), { what: lines.join('\n') });
    const shown = await findCluster('shown', cluster.folders);
    const { client } = await connect(shown!);
    const follower = new AbortController();
    const events: ClusterEvent[] = [];
    void client
      .subscribe({ event: (event) => events.push(event) }, { signal: follower.signal })
      .catch(() => undefined);
    await until(() => events.length > 0);

    for (const { at, cluster: then, rest } of [...looks, looks[0]!, looks[1]!]) {
      const snapshots = events.filter(({ type }) => type === 'snapshot').length;
      await client.controlRecording({ at });
      const { recording, ...seen } = await client.cluster();
      assert.deepEqual([recording?.paused, recording?.at], [true, at]);
      assert.deepEqual(seen, then);
      const now = await Promise.all([client.agents(), client.frameworks(), client.tasks(), client.offers()]);
      assert.deepEqual(now, rest);
      await until(() => events.filter(({ type }) => type === 'snapshot').length > snapshots);
      const last = events.findLast((event) => event.type === 'snapshot');
      assert.deepEqual(last?.tasks, (rest as [unknown, unknown, TaskRun[]])[2]);
    }

    // Nothing in it can be changed, and it has no logs: said in plain words.
    const [task] = await client.tasks();
    for (const refused of [
      client.kill(task!.id),
      client.trigger('wetter'),
      client.setPaused('wetter', true),
      client.log(task!.id),
      client.reportPart('agent-1', { state: 'running', detail: '', at: 1 }),
    ]) {
      await assert.rejects(refused, (error) => error instanceof ServiceProblem && error.status === 409);
    }
    await assert.rejects(client.dags(), /does not have this/);

    // Played, it comes to what it comes to by a jump.
    await client.controlRecording({ at: looks[0]!.at, speed: 1000, paused: false });
    await until(async () => (await client.cluster()).recording?.paused);
    assert.deepEqual(await client.tasks(), (looks[2]!.rest as [unknown, unknown, TaskRun[]])[2]);

    const list = command('list', '--json');
    await list.ended;
    assert.match(list.lines.join(''), /"shown"/);
    const up = command('up', '--name', 'shown');
    assert.notEqual(await up.ended, 0);
    assert.match(up.lines.join('\n'), /is a recording/);

    follower.abort();
    assert.equal(await command('down', '--name', 'shown').ended, 0);
    assert.equal(await ended, 0);
    assert.equal(await findCluster('shown', cluster.folders), undefined);
    await assert.rejects(fs.access(path.join(cluster.folders.state, 'clusters', 'shown')));
    assert.notEqual(child.exitCode, null);
  });

  it('ends with whoever shows it, and leaves nothing', async () => {
    const { child, lines } = command('replay', file(), '--name', 'orphan', '--progress', 'json');
    await until(() => lines.some((line) => line.includes('"serving"')));
    child.kill('SIGKILL');
    const folder = path.join(cluster.folders.state, 'clusters', 'orphan');
    await until(
      async () =>
        fs.access(folder).then(
          () => false,
          () => true,
        ),
      { what: 'the end of the service' },
    );
  });

  it('of a cluster that is down is read from its folder; masked it names neither machine nor person', async () => {
    await connection.client.shutdown();
    await until(async () => (await cluster.known()).state === 'stopped', { limitMs: 30_000 });
    const masked = cluster.file('masked.mesos-airflow.jsonl.gz');
    const { lines, ended } = command('record', '--name', 'test', '--mask-names', '--output', masked);
    assert.equal(await ended, 0, lines.join('\n'));
    assert.match(lines.join('\n'), /Masked: host names/);
    const { gunzipSync } = await import('node:zlib');
    const text = gunzipSync(await fs.readFile(masked)).toString('utf8');
    const os = await import('node:os');
    for (const word of [os.hostname(), cluster.file(''), 'wetter', 'manual__ä']) {
      assert.ok(!text.includes(word), word);
    }
    const { username } = os.userInfo();
    if (username !== 'root') assert.ok(!text.includes(username));
  });

  it('of what is no recording is refused in plain words', async () => {
    const wrong = cluster.file('wrong.gz');
    await fs.writeFile(wrong, 'something else\n');
    const { lines, ended } = command('replay', wrong);
    assert.equal(await ended, 1);
    assert.match(lines.join('\n'), /wrong\.gz is not a recording of Mesos Airflow/);
    assert.equal(await command('replay', cluster.file('none.gz')).ended, 2);
  });
});
