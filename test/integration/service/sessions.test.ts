import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Connection } from '../../../src/client/discover.ts';
import { ServiceProblem } from '../../../src/client/errors.ts';
import type { Session, SessionOptions } from '../../../src/client/session.ts';
import { secretFiles } from '../../../src/api/cluster.ts';
import { findProgram } from '../../../src/devmesos/agent/userSwitch.ts';
import { identify } from '../../../src/host/processes.ts';
import { ServiceCluster } from '../../support/serviceCluster.ts';
import { until } from '../../support/until.ts';

/** What a session has written so far, in whole characters: a piece may end within one. */
class Written {
  stdout = '';
  stderr = '';
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };

  constructor(session: Session) {
    session.onOutput((stream, data) => {
      this[stream] += this.#decoders[stream].write(data);
    });
  }
}

const refused = (status: number, words: RegExp) => (error: unknown) =>
  error instanceof ServiceProblem && error.status === status && words.test(error.message);

describe('sessions in sandboxes, through the service', function () {
  this.timeout(120_000);
  let cluster: ServiceCluster;
  let connection: Connection;
  let tasks = 0;

  before(async () => {
    cluster = await ServiceCluster.make(1);
    // As it lies beside the bundle in an image.
    const beside = path.dirname(cluster.spec.mesos.program);
    await fs.copyFile('cluster/mesos/terminal.py', path.join(beside, 'terminal.py'));
    connection = await cluster.start();
    await cluster.ready(connection);
  });

  after(async () => {
    await cluster.remove();
  });

  /** A task that runs until its file is there. */
  async function running(): Promise<{ id: string; end: () => Promise<void> }> {
    tasks += 1;
    const go = cluster.file(`go${tasks}`);
    const task = cluster.request(`t${tasks}`, { waitFor: go });
    assert.equal((await cluster.asAirflow('POST', 'tasks', { tasks: [task] })).status, 200);
    await until(async () => (await connection.client.task(task.id)).state === 'running');
    // Its agent shows its container, and its first line is written.
    await until(async () =>
      (await connection.client.log(task.id, { file: 'stdout' })).data.includes('hello'),
    );
    const { id } = task;
    return {
      id,
      end: async () => {
        await fs.writeFile(go, '');
        await until(async () => (await connection.client.task(id)).ended !== null);
      },
    };
  }

  const open = (id: string, command: readonly string[], more: SessionOptions = {}): Promise<Session> =>
    connection.client.openSession(id, { command, client: 'a test', ...more });

  it('runs a command in the sandbox, with its outputs apart and its exit status', async () => {
    const task = await running();
    const session = await open(task.id, ['sh', '-c', 'pwd; head -n 1 stdout; echo oh >&2; exit 3']);
    const written = new Written(session);
    assert.deepEqual(await session.exit, { status: 3, signal: undefined, why: undefined });
    assert.match(written.stdout, /\/runs\/[^/\n]+\nhello from t1,/);
    assert.equal(written.stderr, 'oh\n');
    await task.end();
  });

  it('takes input, whole characters or not, until its end', async () => {
    const task = await running();
    const session = await open(task.id, ['cat']);
    const written = new Written(session);
    const crab = Buffer.from('🦀 Zürich\n');
    await session.write(crab.subarray(0, 2));
    await session.write(crab.subarray(2));
    await until(() => written.stdout === '🦀 Zürich\n', { what: 'what was written' });
    session.endInput();
    assert.equal((await session.exit).status, 0);
    await task.end();
  });

  it('starts a shell where no command is named', async () => {
    const task = await running();
    const session = await connection.client.openSession(task.id, {});
    const written = new Written(session);
    await session.write('echo "in $MESOS_SANDBOX"; exit 5\n');
    assert.equal((await session.exit).status, 5);
    assert.match(written.stdout, /^in \/.*\/runs\//);
    await task.end();
  });

  it('knows nothing of what the task was given', async () => {
    const task = await running();
    const session = await open(task.id, ['env']);
    const written = new Written(session);
    await session.exit;
    assert.match(written.stdout, /^MESOS_SANDBOX=/m);
    assert.doesNotMatch(written.stdout, /TICKET|MESOS_AIRFLOW|CITY/);
    await task.end();
  });

  it('ends with its task, with all that it started', async () => {
    const task = await running();
    const session = await open(task.id, ['sh', '-c', 'sleep 601 & echo $! $$; wait']);
    const written = new Written(session);
    await until(() => written.stdout.endsWith('\n'), { what: 'the processes' });
    await task.end();
    const { status, why } = await session.exit;
    assert.ok(status > 128, String(status));
    assert.equal(why, 'the task ended');
    await gone(written.stdout);
  });

  it('ends where the client leaves, with all that it started, also what left its session', async () => {
    const task = await running();
    const session = await open(task.id, ['sh', '-c', 'setsid sleep 602 & echo $! $$; wait']);
    const written = new Written(session);
    await until(() => written.stdout.endsWith('\n'), { what: 'the processes' });
    session.close();
    await assert.rejects(session.exit);
    await gone(written.stdout);
    assert.equal((await connection.client.task(task.id)).state, 'running', 'the task goes on');
    await task.end();
  });

  it('has a terminal where one is wanted, which can be resized, with Ctrl-C for what runs there', async function () {
    if (findProgram('python3', process.env.PATH ?? '') === undefined) this.skip();
    const task = await running();
    const session = await open(task.id, ['sh'], { tty: true, rows: 31, columns: 99 });
    const written = new Written(session);
    await session.write('tty; stty size; [ -t 2 ] && echo "all $((6 * 7))"\n');
    await until(() => /\/dev\/\S+\r\n31 99\r\nall 42\r\n/.test(written.stdout), { what: 'the terminal' });
    session.resize(50, 132);
    await until(
      async () => {
        await session.write('stty size\n');
        return written.stdout.includes('50 132\r\n');
      },
      { everyMs: 200, what: 'the new size' },
    );
    await session.write('echo "begun $((1 + 1))"; sleep 604; echo "went on $?"\n');
    await until(() => written.stdout.includes('begun 2'), { what: 'what is to be interrupted' });
    await until(
      async () => {
        await session.write('\x03');
        return written.stdout.includes('^C');
      },
      { everyMs: 200, what: 'the interruption' },
    );
    // A late Ctrl-C would take what was typed with it.
    let over = false;
    void session.exit.then(() => (over = true));
    await until(
      async () => {
        await session.write('exit 3\n');
        return over;
      },
      { everyMs: 200, what: 'the end of the shell' },
    );
    assert.deepEqual(await session.exit, { status: 3, signal: undefined, why: undefined });
    assert.equal(written.stderr, '');
    await task.end();
  });

  it('does not hold up the kill of its task, whatever the command makes of signals', async () => {
    const task = await running();
    const session = await open(task.id, [
      'sh',
      '-c',
      'trap "" TERM HUP INT; echo $$; while :; do sleep 1; done',
    ]);
    const written = new Written(session);
    await until(() => written.stdout.endsWith('\n'), { what: 'the process' });
    await connection.client.kill(task.id);
    // A task's processes get 20 s to end; its own ends at once.
    await until(async () => (await connection.client.task(task.id)).ended !== null, {
      limitMs: 15_000,
      what: 'the end of the task',
    });
    assert.equal((await session.exit).why, 'the task ended');
    await gone(written.stdout);
  });

  it('waits where nobody reads', async () => {
    const task = await running();
    const session = await open(task.id, [
      'sh',
      '-c',
      'yes "a line that is written on and on" & echo $! >pid; wait',
    ]);
    const pid = await until(async () => {
      const { data } = await connection.client.sandboxFile(task.id, 'pid').catch(() => ({ data: '' }));
      return Number(data.toString()) || undefined;
    });
    // Asleep, with its pipe full: it looks so at several looks on end.
    let asleep = 0;
    await until(
      async () => {
        const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
        asleep = stat.includes(') S ') ? asleep + 1 : 0;
        return asleep >= 10;
      },
      { everyMs: 50, what: 'a command that waits' },
    );
    session.close();
    await gone(String(pid));
    await task.end();
  });

  it('is refused in plain words where there is nothing to go into', async () => {
    const task = await running();
    await task.end();
    await assert.rejects(open(task.id, ['true']), refused(409, /is over/));
    await assert.rejects(open('nobody', ['true']), refused(404, /no task run/));
    const waiting = cluster.request('much', {}, { resources: { cpus: 64, mem: 64, disk: 0, gpus: 0 } });
    assert.equal((await cluster.asAirflow('POST', 'tasks', { tasks: [waiting] })).status, 200);
    await assert.rejects(open(waiting.id, ['true']), refused(409, /has not been started/));
    const other = await running();
    const gonePrograms = await open(other.id, ['/no/such/program']);
    gonePrograms.onOutput(() => undefined);
    assert.equal((await gonePrograms.exit).status, 127);
    await other.end();
  });

  it('is behind the same doors as all else, and is told in the log without what was typed', async () => {
    const task = await running();
    const path = `/v1/tasks/${task.id}/session`;
    assert.equal(await upgradeStatus(path, {}), 401);
    const token = await bearer(secretFiles.admin);
    assert.equal(await upgradeStatus(path, { Authorization: token, Host: 'evil.example' }), 403);
    assert.equal(await upgradeStatus('/v1/tasks', { Authorization: token }), 405);
    assert.equal(await upgradeStatus(path, { Authorization: token, Upgrade: 'websocket' }), 426);
    assert.equal(await upgradeStatus(`${path}?tty=maybe`, { Authorization: token }), 400);
    const airflow = await bearer(secretFiles.airflow);
    assert.equal(await upgradeStatus(path, { Authorization: airflow }), 403);
    const session = await open(task.id, ['cat']);
    const written = new Written(session);
    await session.write('swordfish');
    await until(() => written.stdout === 'swordfish');
    session.endInput();
    await session.exit;
    const log = await fs.readFile(`${cluster.folder.logs}/service.log`, 'utf8');
    assert.match(log, new RegExp(`a test opened a command in the sandbox of ${task.id}`));
    assert.doesNotMatch(log, /swordfish/);
    await task.end();
  });

  it('ends with the service that leads to it, and does not keep that from ending', async () => {
    const task = await running();
    const session = await open(task.id, ['sh', '-c', 'echo $$; exec sleep 603']);
    const written = new Written(session);
    await until(() => written.stdout.endsWith('\n'), { what: 'the process' });
    const { pid } = connection.handshake;
    process.kill(pid, 'SIGTERM');
    await assert.rejects(session.exit);
    await gone(written.stdout);
    await until(async () => (await identify(pid)) === undefined, { what: 'the end of the service' });
    connection = await cluster.ensure();
    await task.end();
  });

  const bearer = async (file: string): Promise<string> =>
    `Bearer ${(await fs.readFile(`${cluster.folder.secrets}/${file}`, 'utf8')).trim()}`;

  async function upgradeStatus(path: string, headers: Record<string, string>): Promise<number> {
    const { port } = cluster.spec.service;
    return new Promise((resolve, reject) => {
      const request = http.request({
        ...{ host: '127.0.0.1', port, path, method: 'POST', agent: false },
        headers: { Connection: 'Upgrade', Upgrade: 'mesos-airflow-session', ...headers },
      });
      request.once('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      request.once('upgrade', (_answer, socket) => {
        socket.destroy();
        resolve(101);
      });
      request.once('error', reject);
      request.end();
    });
  }
});

/** Until none of these processes lives; one that only waits for its parent to notice does not. */
async function gone(pids: string): Promise<void> {
  for (const pid of pids.trim().split(/\s+/).map(Number)) {
    assert.ok(pid > 1 && pid !== process.pid, pids);
    await until(async () => (await identify(pid)) === undefined, { what: `the end of process ${pid}` });
  }
}
