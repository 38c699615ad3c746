import assert from 'node:assert/strict';
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { AirflowClient } from '../../../src/airflow/client.ts';
import { adminName, airflowUrl, passwordFile } from '../../../src/airflow/setup.ts';
import { clusterSpec, type EmbeddedSpec } from '../../../src/api/cluster.ts';
import type { DebugCopy } from '../../../src/api/debug.ts';
import { terminalStates } from '../../../src/api/airflow.ts';
import type { TaskRun } from '../../../src/api/people.ts';
import { secretIn } from '../../../src/host/files.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { cliBundle } from '../../support/commandLine.ts';
import { Debugger } from '../../support/debugger.ts';
import { TestCluster } from '../../support/testCluster.ts';
import { until } from '../../support/until.ts';

const dag = `from airflow.sdk import Variable, dag, task


@dag(dag_id="inspected", schedule=None)
def inspected():
    @task
    def numbers():
        return [1, 2, 3]

    @task
    def double(number):
        result = 2 * number
        print("doubled", result, "for", Variable.get("whom"))  # line 13
        Variable.set("mark", str(result))
        return result

    double.expand(number=numbers())


inspected()
`;
const line = dag.split('\n').findIndex((text) => text.includes('# line 13')) + 1;

describe('A debug copy of a task', function () {
  this.timeout(300_000);
  let cluster: TestCluster;
  let spec: EmbeddedSpec;
  let client: ServiceClient;
  let airflow: AirflowClient;
  let run: TaskRun;
  let file: string;
  const debuggers: Debugger[] = [];

  before(async () => {
    cluster = await TestCluster.make();
    const dags = path.join(cluster.home, 'dags');
    file = path.join(dags, 'inspected.py');
    await fs.mkdir(dags);
    await fs.writeFile(file, dag);
    await fs.writeFile(path.join(cluster.home, 'whom'), 'the vault');
    const { status, stdout, stderr } = await cluster.run(
      ...['up', '--detach', '--dags', dags],
      ...['--secret', `AIRFLOW_VAR_WHOM=file:${path.join(cluster.home, 'whom')}`],
    );
    assert.equal(status, 0, `${stdout}${stderr}${await cluster.logs()}`);
    const parsed = clusterSpec.parse(JSON.parse(await fs.readFile(cluster.folder.spec, 'utf8')));
    assert.ok(parsed.engine === 'embedded');
    spec = parsed;
    client = await cluster.connect();
    airflow = new AirflowClient({
      url: airflowUrl(spec.airflow),
      username: adminName,
      password: () => secretIn(passwordFile({ secretsFolder: cluster.folder.secrets })),
    });
    const { state, run_id } = await cluster.trigger('inspected');
    assert.equal(state, 'success', await cluster.logs());
    // Their processes end a moment after Airflow knows how they ended.
    const runs = await until(
      async () => {
        const all = await client.tasks({ dag_id: 'inspected', run_id });
        return all.every((one) => one.state === 'finished' && one.airflow_state === 'success')
          ? all
          : undefined;
      },
      { limitMs: 60_000, what: 'the end of the run on Mesos' },
    );
    const found = runs.find(({ key }) => key.task_id === 'double' && key.map_index === 2);
    assert.ok(found);
    run = found;
  });
  afterEach(async function () {
    for (const each of debuggers.splice(0)) each.close();
    if (this.currentTest?.state === 'failed') process.stderr.write(`${await cluster.logs()}\n`);
  });
  after(async () => {
    await cluster.remove();
    assert.deepEqual(await cluster.processes(), [], 'nothing is left behind');
  });

  /** A copy whose process is there. */
  async function copyOf(of: TaskRun, patience = 120): Promise<DebugCopy> {
    const copy = await client.debug(of.id, { patience });
    await until(async () => (await client.task(copy.task.id)).state === 'running', {
      limitMs: 120_000,
      what: 'the copy',
    });
    return copy;
  }

  async function attached(copy: DebugCopy): Promise<Debugger> {
    const session = await client.openSession(copy.task.id, { command: copy.relay, client: 'test' });
    const made = new Debugger(session);
    debuggers.push(made);
    return made;
  }

  /** The copy, once it is over; and what it said. */
  async function over(copy: DebugCopy): Promise<{ task: TaskRun; told: string }> {
    const task = await until(
      async () => {
        const now = await client.task(copy.task.id);
        return terminalStates.has(now.state) ? now : undefined;
      },
      { limitMs: 120_000, what: 'the end of the copy' },
    );
    const texts = await Promise.all(['stdout', 'stderr'].map((name) => client.log(task.id, { file: name })));
    return { task, told: texts.map(({ data }) => data).join('') };
  }

  /** All that Airflow has of the run, and its XComs. */
  async function ofTheRun(): Promise<unknown> {
    const { dag_id, run_id, task_id } = run.key;
    const [view, xcoms, mark, tasks] = await Promise.all([
      client.dagRun(dag_id, run_id),
      airflow.xcoms({ dag_id, run_id, task_id }, 'return_value'),
      airflow.variable('mark'),
      client.tasks({ dag_id }),
    ]);
    return { view, xcoms, mark, tasks: tasks.map(({ id, state }) => [id, state]) };
  }

  it('stops in the DAG’s file, is looked into and changed, and leaves the run as it was', async () => {
    const before = await ofTheRun();
    const copy = await copyOf(run);
    assert.notEqual(copy.task.id, run.id);
    const editor = await attached(copy);
    await editor.attach(file, [line]);
    const { threadId, frame } = await editor.stopped();
    assert.deepEqual([frame.line, frame.source?.path], [line, file]);
    // What the run has for this instance of the mapped task.
    assert.equal(await editor.evaluate('number', frame), '3');
    assert.equal(await editor.evaluate('result', frame), '6');
    await editor.evaluate('result = 99', frame);
    assert.deepEqual(await ofTheRun(), before);
    await editor.ask('continue', { threadId });
    await editor.event('terminated');
    assert.match(editor.output, /doubled 99 for the vault/);
    await editor.ask('disconnect');
    const { task, told } = await over(copy);
    assert.equal(task.state, 'finished', told);
    assert.match(told, /doubled 99 for the vault/);
    assert.match(told, /The copy has ended: success\./);
    assert.deepEqual(await ofTheRun(), before);
    // It was a task of its own on Mesos, with the same resources.
    assert.deepEqual(task.resources, run.resources);
  });

  it('ends by itself where nobody attaches', async () => {
    const copy = await client.debug(run.id, { patience: 1 });
    const { task, told } = await over(copy);
    assert.equal(task.state, 'failed');
    assert.match(told, /No debugger attached within 1 s: the copy ends\./);
  });

  it('ends with its debugger', async () => {
    const copy = await copyOf(run);
    const editor = await attached(copy);
    await editor.attach(file, [line]);
    await editor.stopped();
    editor.close();
    const { task, told } = await over(copy);
    assert.equal(task.state, 'finished', told);
    assert.match(told, /The debugger has left: the copy ends\./);
  });

  describe('on the command line', () => {
    const running: ChildProcess[] = [];
    afterEach(() => {
      for (const child of running.splice(0)) child.kill('SIGKILL');
    });

    /** `mesos-airflow debug` of the task, as an editor or a person starts it. */
    function command(...args: readonly string[]): {
      child: ChildProcessWithoutNullStreams;
      status: Promise<number | null>;
      told: () => string;
    } {
      const env = { ...process.env, ...cluster.env, NO_COLOR: '1' };
      const child = spawn(process.execPath, [cliBundle, 'debug', run.id, ...args], { env });
      running.push(child);
      let told = '';
      child.stderr.on('data', (data: Buffer) => (told += data.toString()));
      const status = once(child, 'close').then(([code]) => code as number | null);
      return { child, status, told: () => told };
    }

    function debuggerOn(streams: { input: Writable; output: Readable }, end: () => void): Debugger {
      const exit = once(streams.output, 'close').then(() => ({ status: 0 }));
      const made = new Debugger({
        onOutput: (handler) => streams.output.on('data', (data: Buffer) => void handler('stdout', data)),
        write: (data) => new Promise((resolve) => streams.input.write(data, () => resolve())),
        close: end,
        exit,
      });
      debuggers.push(made);
      return made;
    }

    /** Breaks in the task's code, changes a value, and lets it go on to its end. */
    async function debugged(editor: Debugger): Promise<void> {
      await editor.attach(file, [line]);
      const { threadId, frame } = await editor.stopped();
      assert.deepEqual([frame.line, frame.source?.path], [line, file]);
      await editor.evaluate('result = 77', frame);
      await editor.ask('continue', { threadId });
      await editor.event('terminated');
      assert.match(editor.output, /doubled 77 for the vault/);
      await editor.ask('disconnect');
    }

    it('is the adapter that an editor starts, and leaves the run as it was', async () => {
      const before = await ofTheRun();
      const { child, status, told } = command('--stdio');
      const editor = debuggerOn({ input: child.stdin, output: child.stdout }, () => child.stdin.end());
      await debugged(editor);
      assert.equal(await status, 0, told());
      assert.deepEqual(await ofTheRun(), before);
    });

    it('prints a socket of the person’s own that takes one debugger', async () => {
      const { child, status, told } = command();
      let said = '';
      child.stdout.on('data', (data: Buffer) => (said += data.toString()));
      const socket = await until(() => /Attach, .* at (\S+)\n/.exec(said)?.[1], {
        limitMs: 120_000,
        what: `the socket; ${told()}`,
      });
      assert.equal((await fs.stat(socket)).mode & 0o777, 0o600);
      const connection = net.connect(socket);
      await once(connection, 'connect');
      await debugged(debuggerOn({ input: connection, output: connection }, () => connection.destroy()));
      assert.equal(await status, 0, told());
      await assert.rejects(fs.stat(socket), { code: 'ENOENT' });
      assert.match(said, /waits 300 s for a debugger[^]*It is over\. What it said: mesos-airflow logs/);
    });

    it('says that nobody attached, and leaves no copy behind when it is interrupted', async () => {
      const alone = command('--patience', '5');
      let said = '';
      alone.child.stdout.on('data', (data: Buffer) => (said += data.toString()));
      const id = await until(() => /\(([0-9a-f-]{36})\)/.exec(said)?.[1], {
        limitMs: 120_000,
        what: 'the copy',
      });
      assert.equal(await alone.status, 1, alone.told());
      assert.match(alone.told(), /ended before a debugger attached[^]*none came within 5 s[^]*--patience/);
      assert.match(
        (await client.log(id)).data + (await client.log(id, { file: 'stderr' })).data,
        /No debugger attached within 5 s/,
      );

      const left = command();
      let waits = '';
      left.child.stdout.on('data', (data: Buffer) => (waits += data.toString()));
      const other = await until(() => /\(([0-9a-f-]{36})\)[^]*Attach/.exec(waits)?.[1], {
        limitMs: 120_000,
        what: 'another copy',
      });
      left.child.kill('SIGINT');
      assert.equal(await left.status, 130, left.told());
      await until(async () => terminalStates.has((await client.task(other)).state), {
        limitMs: 120_000,
        what: 'the end of the copy',
      });
    });
  });

  it('is refused of what there is not, and of a copy', async () => {
    await assert.rejects(client.debug('nothing'), { status: 404 });
    const copy = await client.debug(run.id, { patience: 1 });
    await assert.rejects(client.debug(copy.task.id), { status: 409 });
    await over(copy);
  });
});
