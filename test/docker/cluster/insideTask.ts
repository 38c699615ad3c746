import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { terminalStates } from '../../../src/api/airflow.ts';
import type { TaskRun } from '../../../src/api/people.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { inside } from '../../../src/engines/docker/inside.ts';
import { runCommand, startCommand } from '../../support/commandLine.ts';
import { Debugger } from '../../support/debugger.ts';
import { until } from '../../support/until.ts';
import type { TestClusters } from '../support/clusters.ts';

/** A DAG whose one task says again and again that it lives. */
export const ticking = `
import time
from airflow.sdk import dag, task

@dag(schedule=None)
def endless():
    @task
    def wait():
        tick = 0
        while tick < 3000:
            tick += 1
            print("tick", tick, flush=True)  # here
            time.sleep(0.2)

    wait()

endless()
`;
const line = ticking.split('\n').findIndex((text) => text.includes('# here')) + 1;
const patient = { limitMs: 120_000, everyMs: 200 };

/** Goes into a running task of a cluster by all ways that people have, and then debugs a copy of it. */
export class InsideTask {
  readonly #clusters: TestClusters;
  readonly #name: string;
  readonly #client: ServiceClient;
  readonly #task: TaskRun;

  private constructor(clusters: TestClusters, name: string, client: ServiceClient, task: TaskRun) {
    this.#clusters = clusters;
    this.#name = name;
    this.#client = client;
    this.#task = task;
  }

  /** Triggers the DAG `endless` and waits until its task has printed something. */
  static async running(clusters: TestClusters, name: string, client: ServiceClient): Promise<InsideTask> {
    await until(async () => (await client.dags()).some(({ dag_id }) => dag_id === 'endless'), {
      ...patient,
      what: 'the DAG',
    });
    const { run_id } = await client.trigger('endless', {});
    const task = await until(
      async () => (await client.tasks({ dag_id: 'endless', run_id })).find((one) => one.state === 'running'),
      { ...patient, what: 'its task' },
    );
    await until(async () => (await client.log(task.id, { file: 'stdout' })).data.includes('tick 1'), {
      ...patient,
      what: 'its first line',
    });
    return new InsideTask(clusters, name, client, task);
  }

  /** A terminal with a shell that echoes, in the sandbox, and a command with pipes. */
  async shell(user: string): Promise<void> {
    const session = await this.#client.openSession(this.#task.id, { tty: true, rows: 40, columns: 120 });
    const decoder = new StringDecoder();
    let shown = '';
    session.onOutput((_stream, data) => {
      shown += decoder.write(data);
    });
    await until(() => shown.includes('(wait on agent-1) '), { ...patient, what: 'the prompt' });
    await session.write('echo "all $((6 * 7)) $(whoami)"; stty size; ls\n');
    const all = new RegExp(String.raw`all 42 ${user}\r\n40 120\r\n[^]*stdout`);
    await until(() => all.test(shown), { ...patient, what: `what was typed: ${shown}` });
    await session.write('exit 4\n');
    assert.equal((await session.exit).status, 4, shown);
    const { status, stdout, stderr } = await this.#command('shell', this.#task.id, ['head', '-1', 'stdout']);
    assert.equal(status, 0, stderr);
    assert.notEqual(stdout, '');
  }

  /** Its files are listed, shown and copied. */
  async sandbox(): Promise<void> {
    const { id } = this.#task;
    const listed = await this.#command('sandbox ls', id, ['--json']);
    const names = (JSON.parse(listed.stdout) as { path: string }[]).map((entry) => entry.path);
    assert.ok(names.includes('stdout') && names.includes('stderr'), listed.stdout);
    const shown = await this.#command('sandbox cat', id, ['stdout']);
    assert.match(shown.stdout, /tick 1\b/);
    const to = path.join(this.#clusters.home, `copied-${this.#name}`);
    await fs.mkdir(to);
    const copied = await this.#command('sandbox get', id, ['stdout', '--to', to]);
    assert.equal(copied.status, 0, copied.stderr);
    assert.match(await fs.readFile(path.join(to, 'stdout'), 'utf8'), /tick 1\b/);
  }

  /** Its log is followed: a line comes that was not yet written at the start. */
  async follow(): Promise<void> {
    const { data } = await this.#client.log(this.#task.id, { file: 'stdout' });
    const last = [...data.matchAll(/tick (\d+)/g)].at(-1)?.[1];
    const later = `tick ${Number(last) + 10}\n`;
    const logs = startCommand(['logs', this.#task.id, '--follow', '--name', this.#name], {
      env: this.#clusters.env,
    });
    try {
      await until(() => logs.stdout().includes(later), { ...patient, what: later });
    } finally {
      logs.child.kill('SIGINT');
      await logs.ended;
    }
  }

  /** Ends it. */
  async end(): Promise<void> {
    await this.#client.kill(this.#task.id);
    await until(async () => terminalStates.has((await this.#client.task(this.#task.id)).state), {
      ...patient,
      what: 'its end',
    });
  }

  /** A copy of it stops at a line, shows a variable, and ends with its debugger. */
  async debug(): Promise<void> {
    const client = this.#client;
    const copy = await client.debug(this.#task.id, { patience: 120 });
    const now = (): Promise<TaskRun> => client.task(copy.task.id);
    await until(async () => (await now()).state === 'running', { ...patient, what: 'the copy' });
    const session = await client.openSession(copy.task.id, { command: copy.relay, client: 'test' });
    const editor = new Debugger(session);
    try {
      const file = path.posix.join(inside.dags, 'endless.py');
      await editor.attach(file, [line]);
      const { frame } = await editor.stopped();
      assert.deepEqual([frame.line, frame.source?.path], [line, file]);
      assert.equal(await editor.evaluate('tick', frame), '1');
    } catch (error) {
      const { data } = await client.log(copy.task.id, { file: 'stdout' });
      throw new Error(`the copy said: ${data}`, { cause: error });
    } finally {
      editor.close();
    }
    await until(async () => terminalStates.has((await now()).state), {
      ...patient,
      what: 'the end of the copy',
    });
  }

  #command(command: string, task: string, rest: readonly string[]): ReturnType<typeof runCommand> {
    const divider = command === 'shell' ? ['--'] : [];
    const args = [...command.split(' '), task, '--name', this.#name, ...divider, ...rest];
    return runCommand(args, { env: this.#clusters.env });
  }
}
