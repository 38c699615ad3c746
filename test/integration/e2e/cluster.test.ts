import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import type { ClusterEvent, ClusterView, DagView, ImportError, TaskRun } from '../../../src/api/people.ts';
import { runsTopic, runTopic, type Topic } from '../../../src/api/topics.ts';
import { cliBundle } from '../../support/commandLine.ts';
import { sandboxIn } from '../../support/sandboxes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { TestCluster, type FinishedRun } from '../../support/testCluster.ts';
import { until } from '../../support/until.ts';

const fixtures = fileURLToPath(new URL('dags', import.meta.url));

/** `task`, or `task[index]`, with the state and the try that it ended in. */
function ends(run: FinishedRun): string[] {
  return run.tasks
    .map(
      ({ task_id, map_index, state, try_number }) =>
        `${task_id}${map_index >= 0 ? `[${map_index}]` : ''} ${state}${try_number > 1 ? ` try ${try_number}` : ''}`,
    )
    .sort();
}

/** Files below a folder that hold one of the texts. What a running cluster removes meanwhile is passed over. */
async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await unlessGone(fs.readdir(folder, { withFileTypes: true }), [])) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesWith(file, texts)));
    if (!entry.isFile()) continue;
    const content = await unlessGone(fs.readFile(file), Buffer.alloc(0));
    if (texts.some((text) => content.includes(text))) found.push(file);
  }
  return found;
}

async function unlessGone<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

describe('an embedded cluster with the real Airflow', function () {
  this.timeout(240_000);
  // Made anew, so that they are found where they are, and nowhere else.
  const [warehouse, passphrase] = [`wöhnlich-${randomUUID()}`, `passphrase ${randomUUID()}`];
  let cluster: TestCluster;
  let dags: string;
  const looking = new Set<AbortController>();

  /** Looks at pages as a view does, until the test ends. */
  async function lookAt(topics: readonly Topic[], event: (event: ClusterEvent) => void): Promise<void> {
    const aborter = new AbortController();
    looking.add(aborter);
    const client = await cluster.connect();
    client.subscribe({ event }, { topics, signal: aborter.signal }).catch((error: unknown) => {
      process.stderr.write(`the subscription ended: ${String(error)}\n`);
    });
  }

  before(async () => {
    cluster = await TestCluster.make();
    // A copy: files are saved into it.
    dags = path.join(cluster.home, 'dags');
    await fs.cp(fixtures, dags, { recursive: true });
    await fs.writeFile(path.join(cluster.home, 'warehouse'), `${warehouse}\n`);
    const print = JSON.stringify(['cat', path.join(cluster.home, 'passphrase')]);
    await fs.writeFile(path.join(cluster.home, 'passphrase'), passphrase);
    const { status, stdout, stderr } = await cluster.run(
      ...['up', '--detach', '--dags', dags],
      ...['--secret', `AIRFLOW_VAR_WAREHOUSE=file:${path.join(cluster.home, 'warehouse')}`],
      ...['--secret', `PASSPHRASE=command:${print}`],
    );
    assert.equal(status, 0, `${stdout}${stderr}${await cluster.logs()}`);
  });

  afterEach(async function () {
    for (const aborter of looking) aborter.abort();
    looking.clear();
    if (this.currentTest?.state === 'failed') process.stderr.write(`${await cluster.logs()}\n`);
  });

  after(async () => {
    await cluster.remove();
    assert.deepEqual(await cluster.processes(), [], 'nothing is left behind');
  });

  it('brings dependent, mapped, retried and skipped tasks to the right ends', async () => {
    const run = await cluster.trigger('shapes');
    assert.equal(run.state, 'success');
    assert.deepEqual(ends(run), [
      'choose success',
      'chosen success',
      'double[0] success',
      'double[1] success',
      'double[2] success',
      'flaky success try 2',
      'last success',
      'numbers success',
      'passed_over skipped',
      'total success',
    ]);
    for (const task of run.tasks) {
      if (task.task_id === 'passed_over') {
        assert.deepEqual([task.mesos_task_id, task.agent], [null, null]);
        continue;
      }
      assert.match(task.mesos_task_id ?? '', /^[0-9a-f-]{36}\.1$/, task.task_id);
      assert.match(task.agent ?? '', /^agent-[12]$/);
      assert.ok(task.queued && task.started && task.ended, task.task_id);
      assert.ok(task.queued <= task.started && task.started <= task.ended, task.task_id);
    }
    const name = `shapes/${run.run_id}/flaky`;
    const first = await cluster.run('logs', `${name}/1`);
    assert.match(first.stdout, /the first try fails on purpose/);
    const second = await cluster.run('logs', name);
    assert.match(second.stdout, /try 2 succeeds/);
  });

  it('has sandboxes that one can look into and copy from, and not out of', async () => {
    const run = await cluster.trigger('leaves_files');
    assert.equal(run.state, 'success');
    const task = run.tasks[0]?.mesos_task_id ?? '';
    const entries = await cluster.json<{ path: string; kind: string; size: number }[]>('sandbox', 'ls', task);
    const found = new Map(entries.map(({ path, kind, size }) => [path, `${kind} ${size}`]));
    assert.equal(found.get('all.bin'), 'file 1280000');
    assert.match(found.get('out') ?? '', /^folder/);
    assert.match((await cluster.run('sandbox', 'ls', task, 'out/größe')).stdout, /-rw.* 8 .* table\.csv\n/);
    const binary = Buffer.from(Array.from({ length: 256 * 5000 }, (_, index) => index % 256));
    const to = path.join(cluster.home, 'copied');
    const copied = await cluster.json<{ path: string; left_out: string[] }>(
      'sandbox',
      'get',
      task,
      '--to',
      to,
    );
    assert.equal(copied.path, path.join(to, 'leave-try-1'));
    assert.deepEqual(await fs.readFile(path.join(copied.path, 'all.bin')), binary);
    assert.equal(
      await fs.readFile(path.join(copied.path, 'out', 'größe', 'table.csv'), 'utf8'),
      'a;b\n1;2\n',
    );
    for (const away of ['away', 'up']) {
      await assert.rejects(fs.readFile(path.join(copied.path, away)), `${away} is not followed`);
      const { status, stdout } = await cluster.run('sandbox', 'cat', task, away);
      assert.deepEqual([status === 0, stdout], [false, ''], away);
    }
    assert.equal((await cluster.run('sandbox', 'cat', task, 'near')).stdout, 'a;b\n1;2\n');
    // It is there: nothing of it is touched without --force.
    await fs.writeFile(path.join(copied.path, 'stdout'), 'mine');
    assert.equal((await cluster.run('sandbox', 'get', task, '--to', to)).status, 1);
    assert.equal(await fs.readFile(path.join(copied.path, 'stdout'), 'utf8'), 'mine');
    assert.equal(
      (await cluster.run('sandbox', 'get', task, 'stdout', '--to', copied.path, '--force')).status,
      0,
    );
    assert.match(await fs.readFile(path.join(copied.path, 'stdout'), 'utf8'), /all is written/);
    for (const bad of ['../stdout', '/etc/passwd', 'out/../../x']) {
      assert.equal((await cluster.run('sandbox', 'cat', task, bad)).status, 2, bad);
    }
    assert.equal((await cluster.run('sandbox', 'cat', task, 'nothing')).status, 4);
    assert.deepEqual(
      (await fs.readdir(path.dirname(copied.path))).filter((name) => name !== 'leave-try-1'),
      [],
      'nothing else was written',
    );
  });

  it('gives the logs of a whole run as an archive', async () => {
    const [known] = await cluster.json<TaskRun[]>('tasks', '--dag', 'shapes');
    const name = `shapes/${known?.key.run_id ?? (await cluster.trigger('shapes')).run_id}`;
    const file = path.join(cluster.home, 'logs.tar.gz');
    const { tries } = await cluster.json<{
      tries: { folder: string; files: { name: string; bytes: number }[]; lacks: string[] }[];
    }>('logs', name, '--download', file);
    assert.deepEqual(
      tries
        .map(({ folder }) => folder)
        .filter((folder) => /^(flaky|double)/.test(folder))
        .sort(),
      ['double[0]/try-1', 'double[1]/try-1', 'double[2]/try-1', 'flaky/try-1', 'flaky/try-2'],
    );
    assert.deepEqual(
      tries.flatMap(({ lacks }) => lacks),
      [],
    );
    for (const { folder, files } of tries) {
      assert.deepEqual(
        files.map((each) => each.name).filter((each) => each !== 'stderr.log'),
        ['stdout.log', 'airflow.jsonl'],
        folder,
      );
    }
    assert.equal((await cluster.run('logs', name, '--download', file)).status, 1);
    assert.equal((await cluster.run('logs', `${name}/flaky/1`, '--download', file, '--force')).status, 0);
    assert.equal((await cluster.run('logs', 'shapes/no_such_run', '--download', `${file}.tgz`)).status, 4);
  });

  it('gives Airflow and tasks the secrets that are kept elsewhere, and writes them down nowhere', async () => {
    const digests = [passphrase, warehouse].map((text) => createHash('sha256').update(text).digest('hex'));
    const run = await cluster.trigger('secrets', { digests });
    assert.deepEqual([run.state, ...ends(run)], ['success', 'compare success']);
    const written = await filesWith(cluster.home, [warehouse, passphrase]);
    assert.deepEqual(written.sort(), [
      path.join(cluster.home, 'passphrase'),
      path.join(cluster.home, 'warehouse'),
    ]);
    assert.match(await fs.readFile(cluster.folder.spec, 'utf8'), /"AIRFLOW_VAR_WAREHOUSE": \{\s*"file"/);
  });

  it('carries text beyond ASCII: file name, task ids, parameters, results, labels and log lines', async () => {
    const run = await cluster.trigger('staedte', { Stadt: 'Łódź 東京' });
    assert.deepEqual([run.state, ...ends(run)], ['success', 'grüße success', 'zurück success']);
    const { stdout } = await cluster.run('logs', `staedte/${run.run_id}/grüße`);
    assert.match(stdout, /Grüße aus Łódź 東京 🌦/);
    const [task] = await cluster.json<TaskRun[]>('tasks', '--dag', 'staedte');
    assert.equal(task?.key.task_id, 'zurück');
  });

  it('shows a DAG file that cannot be imported in `status` and `dags`; the others run', async () => {
    const { import_errors } = await until(
      async () => {
        const status = await cluster.json<ClusterView & { import_errors: ImportError[] }>('status');
        return status.import_errors.length > 0 && status;
      },
      { limitMs: 30_000, everyMs: 500, what: 'the import error' },
    );
    assert.equal(import_errors[0]?.line, 3);
    const { status, stdout } = await cluster.run('dags');
    assert.equal(status, 0);
    assert.match(stdout, /broken\.py:3 .*No module named 'pandsa'/);
    assert.match(stdout, /^shapes /m);
  });

  it('tells a subscriber of a new DAG, an import error and its end within 5 s of the save', async () => {
    let latest: Extract<ClusterEvent, { type: 'dags' }> | undefined;
    await lookAt(['dags'], (event) => (latest = event.type === 'dags' ? event : latest));
    const took: number[] = [];
    const seen = async (file: string, text: string, shows: (pages: typeof latest) => boolean) => {
      const saved = performance.now();
      await fs.writeFile(path.join(dags, file), text);
      await until(() => shows(latest), { limitMs: 30_000, everyMs: 20, what: `what ${file} became` });
      took.push(performance.now() - saved);
    };
    const isThere = (id: string) => (pages: typeof latest) =>
      pages?.dags.some(({ dag_id }) => dag_id === id) ?? false;
    const isBroken = (file: string) => (pages: typeof latest) =>
      pages?.import_errors.some((error) => error.file.endsWith(file) && error.line === 2) ?? false;
    await until(() => isThere('shapes')(latest), { what: 'the first page' });
    for (let round = 1; round <= 7; round += 1) {
      const [file, id] = [`saved_${round}.py`, `saved_${round}`];
      const text = `from airflow.sdk import DAG\nwith DAG("${id}", schedule=None): pass\n`;
      await seen(file, text, isThere(id));
      await seen(file, text.replace('with', 'import pandsa; with'), isBroken(file));
      await seen(file, text, (pages) => !isBroken(file)(pages) && isThere(id)(pages));
    }
    took.sort((one, other) => one - other);
    const p95 = took[Math.ceil(0.95 * took.length) - 1] ?? Infinity;
    assert.ok(p95 < 5000, `p95 of ${took.length} saves: ${p95} ms; all: ${took.map(Math.round).join(', ')}`);
  });

  it('pauses and unpauses a DAG', async () => {
    const isPaused = async (): Promise<boolean | undefined> =>
      (await cluster.json<{ dags: DagView[] }>('dags')).dags.find(({ dag_id }) => dag_id === 'staedte')
        ?.paused;
    assert.deepEqual(await cluster.json('unpause', 'staedte'), { dag_id: 'staedte', paused: false });
    assert.equal(await isPaused(), false);
    assert.match((await cluster.run('pause', 'staedte')).stdout, /staedte is paused/);
    assert.equal(await isPaused(), true);
    assert.equal((await cluster.run('pause', 'no_such_dag')).status, 4);
  });

  it('runs a task again with what depends on it, and says before what that would be', async () => {
    const run = await cluster.trigger('staedte', { Stadt: 'Łódź 東京' });
    const name = `staedte/${run.run_id}`;
    const planned = await cluster.run('clear', `${name}/grüße`, '--dry-run');
    assert.match(
      planned.stdout,
      /grüße +✓ success\nzurück +✓ success\n2 task instances of .* would run again/,
    );
    assert.deepEqual(await cluster.json('retry', name, '--only-failed', '--yes'), {
      ...{ dag_id: 'staedte', run_id: run.run_id, dry_run: false, tasks: [] },
    });
    const refused = await cluster.run('clear', `${name}/zurück`);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Nothing was cleared[\s\S]*--yes/);
    const one = await cluster.json<{ tasks: unknown[] }>(
      'clear',
      `${name}/grüße`,
      '--yes',
      '--no-downstream',
    );
    assert.deepEqual(one.tasks, [{ task_id: 'grüße', map_index: -1, state: 'success' }]);
    const client = await cluster.connect();
    const again = await until(
      async () => {
        const view = await client.dagRun('staedte', run.run_id);
        const isAgain = view.tasks.some(({ task_id, try_number }) => task_id === 'grüße' && try_number === 2);
        return view.state === 'success' && isAgain && view;
      },
      { limitMs: 60_000, everyMs: 500, what: 'the second try' },
    );
    assert.deepEqual(
      again.tasks.map(({ task_id, try_number, state }) => [task_id, try_number, state]),
      [
        ['grüße', 2, 'success'],
        ['zurück', 1, 'success'],
      ],
    );
    assert.equal((await cluster.run('clear', `${name}/no-task`, '--dry-run')).status, 4);
  });

  it('opens a shell beside a running task: at a terminal, which can be resized, and for a program', async () => {
    const go = path.join(cluster.home, 'the shell was seen');
    const client = await cluster.connect();
    await client.trigger('shapes', { run_id: 'shell:1', conf: { until: go } });
    const task = await until(
      async () => {
        const [first] = await client.tasks({ dag_id: 'shapes', run_id: 'shell:1' });
        return first?.state === 'running' && first;
      },
      { limitMs: 120_000, what: 'the first task at work' },
    );
    const name = 'shapes/shell:1/numbers';
    const piped = await cluster.run('shell', name, '--', 'sh', '-c', 'ls stdout; tty; exit 3');
    assert.deepEqual([piped.status, piped.stdout], [3, 'stdout\nnot a tty\n'], piped.stderr);

    const session = await client.openSession(task.id, { tty: true, rows: 30, columns: 100 });
    let seen = '';
    const decoder = new StringDecoder();
    session.onOutput((_stream, data) => {
      seen += decoder.write(data);
    });
    const shows = (what: RegExp) => until(() => what.test(seen), { what: `${what.source} in ${seen}` });
    await session.write('stty size; tty\n');
    await shows(/30 100\r\n\/dev\//);
    session.resize(41, 121);
    await until(
      async () => {
        await session.write('stty size\n');
        return seen.includes('41 121');
      },
      { everyMs: 200, what: 'the new size' },
    );
    await session.write("sh -c 'echo start''ed; exec sleep 600'\n");
    await shows(/started/);
    await until(
      async () => {
        await session.write('\u0003echo "ümläut $((6 * 7))"\n');
        return seen.includes('ümläut 42');
      },
      { everyMs: 500, what: 'the end of the command by Ctrl-C' },
    );
    await session.write('exit 4\n');
    assert.equal((await session.exit).status, 4);

    const words = [process.execPath, cliBundle, 'shell', name].map((word) => `'${word}'`);
    const env = { ...process.env, ...cluster.env };
    const typed = spawn('script', ['-qec', words.join(' '), '/dev/null'], { env });
    let shown = '';
    typed.stdout.on('data', (data: Buffer) => (shown += data.toString()));
    typed.stdin.write('echo "$((6 * 7)) from $(tty)"; exit 5\n');
    const [status] = (await once(typed, 'close')) as [number];
    assert.equal(status, 5, shown);
    assert.match(shown, /42 from \/dev\//);

    await fs.writeFile(go, '');
    await until(async () => (await client.dagRun('shapes', 'shell:1')).state === 'success', {
      limitMs: 120_000,
    });
    const over = await cluster.run('shell', name);
    assert.equal(over.status, 1);
    assert.match(over.stderr, /numbers · try 1 has ended: success/);
  });

  it('shows a run as it goes to who looks at it', async () => {
    const events: ClusterEvent[] = [];
    await lookAt([runsTopic('shapes'), runTopic('shapes', 'watched:1')], (event) => events.push(event));
    await until(() => events.some(({ type }) => type === 'problem'), { what: 'no run yet' });
    const seen = path.join(cluster.home, 'seen running');
    await (await cluster.connect()).trigger('shapes', { run_id: 'watched:1', conf: { until: seen } });
    const ofRun = () => events.filter((event) => event.type === 'run').map(({ run }) => run);
    const first = () =>
      ofRun()
        .at(-1)
        ?.tasks.find(({ task_id }) => task_id === 'numbers');
    await until(() => first()?.state === 'running', { limitMs: 60_000, what: 'the first task at work' });
    await fs.writeFile(seen, '');
    const last = await until(() => ofRun().find(({ state }) => state === 'success'), { limitMs: 120_000 });
    assert.equal(last.tasks.length, 10);
    assert.match(last.tasks.find(({ task_id }) => task_id === 'total')?.agent ?? '', /^agent-[12]$/);
    assert.deepEqual(
      last.tasks.filter(({ state }) => state !== 'success').map(({ task_id, state }) => [task_id, state]),
      [['passed_over', 'skipped']],
    );
    const texts = ofRun().map((run) => JSON.stringify(run));
    assert.equal(new Set(texts).size, texts.length, 'nothing is sent twice');
    await until(
      () => {
        const runs = events.findLast((event) => event.type === 'runs')?.runs ?? [];
        return runs.some(({ run_id, state }) => run_id === 'watched:1' && state === 'success');
      },
      { what: 'its end among the runs' },
    );
  });

  it('is joined by a second `up`, which names what it does not change', async () => {
    const { pid } = await cluster.runtime();
    const { status, stdout } = await cluster.run('up', '--detach', '--agents', '5', '--progress', 'json');
    assert.equal(status, 0);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; text?: string; joined?: boolean });
    assert.equal(records.at(-1)?.type, 'ready');
    assert.equal(records.at(-1)?.joined, true);
    assert.ok(records.some(({ type, text }) => type === 'notice' && text?.includes('--agents 5')));
    assert.equal((await cluster.runtime()).pid, pid);
  });

  it('kills a task from the command line: Airflow sees it fail, and `trigger --wait` ends with 5', async () => {
    const marks = await temporaryFolder('marks');
    try {
      const conf = JSON.stringify({ marks: marks.path, seconds: 120 });
      const trigger = cluster.start('trigger', 'steps', '--wait', '--json', '--conf', conf);
      const running = await until(
        async () =>
          (await cluster.json<TaskRun[]>('tasks', '--dag', 'steps', '--state', 'running')).find(
            ({ key }) => key.task_id === 'one',
          ),
        { limitMs: 60_000, everyMs: 300, what: 'the first step' },
      );
      await until(async () => (await fs.readdir(marks.path)).includes('one'), { limitMs: 30_000 });
      const begun = Date.now();
      const { status } = await cluster.run('kill', (running.mesos_task_id ?? '').slice(0, 13));
      assert.equal(status, 0);
      const ended = await trigger.ended;
      assert.ok(Date.now() - begun < 60_000);
      assert.equal(ended.status, 5, ended.stderr);
      const run = JSON.parse(ended.stdout) as FinishedRun;
      assert.deepEqual(
        [run.state, ...ends(run)],
        ['failed', 'one failed', 'three upstream_failed', 'two upstream_failed'],
      );
      // The process of the task itself is gone too, not only the first one of its container.
      const pid = Number((await fs.readFile(path.join(marks.path, 'one'), 'utf8')).trim());
      await until(() => !isRunning(pid), { what: 'the end of the task' });
    } finally {
      await marks.remove();
    }
  });

  it('loses nothing when its service is killed in mid-run: parts live on, no task runs twice', async () => {
    const marks = await temporaryFolder('marks');
    try {
      const conf = JSON.stringify({ marks: marks.path, seconds: 6 });
      const before = await cluster.json<ClusterView>('status');
      const trigger = cluster.start('trigger', 'steps', '--wait', '--json', '--conf', conf);
      await until(async () => (await fs.readdir(marks.path)).includes('one'), { limitMs: 60_000 });
      process.kill((await cluster.runtime()).pid, 'SIGKILL');
      const ended = await trigger.ended;
      assert.equal(ended.status, 0, ended.stderr);
      const run = JSON.parse(ended.stdout) as FinishedRun;
      assert.deepEqual([run.state, ...ends(run)], ['success', 'one success', 'three success', 'two success']);
      for (const step of ['one', 'two', 'three']) {
        const runs = (await fs.readFile(path.join(marks.path, step), 'utf8')).trim().split('\n');
        assert.equal(runs.length, 1, `${step} ran ${runs.length} times`);
      }
      const after = await cluster.json<ClusterView>('status');
      assert.notEqual((await cluster.runtime()).pid, undefined);
      const pids = (view: ClusterView): unknown[] => view.parts.map(({ name, pid }) => [name, pid]);
      assert.deepEqual(pids(after), pids(before), 'the parts were adopted');
      assert.equal(after.framework.id, before.framework.id);
    } finally {
      await marks.remove();
    }
  });

  it('follows a log as it is written, to the end of the task', async () => {
    const marks = await temporaryFolder('marks');
    try {
      const run = await cluster.json<FinishedRun>(
        ...['trigger', 'steps', '--conf', JSON.stringify({ marks: marks.path, seconds: 2 })],
      );
      await until(async () => (await cluster.run('logs', `steps/${run.run_id}/one`)).status === 0, {
        limitMs: 30_000,
        everyMs: 300,
      });
      const { status, stdout } = await cluster.run('logs', `steps/${run.run_id}/one`, '--follow');
      assert.equal(status, 0);
      assert.match(stdout, /one begins[\s\S]*one ends/);
    } finally {
      await marks.remove();
    }
  });

  it('gives a task’s log to its last byte, from its launch to its end, and that of each try', async () => {
    const go = path.join(cluster.home, 'the log was seen');
    const client = await cluster.connect();
    const { run_id } = await client.trigger('shapes', { conf: { until: go } });
    const task = await until(
      async () =>
        (await client.tasks({ dag_id: 'shapes', run_id })).find(({ key }) => key.task_id === 'numbers'),
      { limitMs: 120_000, what: 'the first task on Mesos' },
    );
    let read = 0;
    const whole = async (file: string): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const event of client.followLog(task.id, { file })) {
        assert.notEqual(event.type, 'note', JSON.stringify(event));
        if (event.type !== 'data') continue;
        parts.push(Buffer.from(event.data));
        read += event.data.length;
      }
      return Buffer.concat(parts);
    };
    const following = Promise.all(['stdout', 'stderr', 'airflow'].map(whole));
    following.catch(() => undefined);
    await until(() => read > 0, { limitMs: 120_000, what: 'its first lines, while it runs' });
    await fs.writeFile(go, '');
    const followed = await following;
    const launch = (await client.task(task.id)).mesos_task_id ?? '';
    const sandbox = await sandboxIn(path.join(cluster.folder.root, 'mesos'), launch);
    const own = `logs/dag_id=shapes/run_id=${run_id}/task_id=numbers/attempt=1.log`;
    const names = ['stdout', 'stderr', own];
    for (const [index, name] of names.entries()) {
      const there = await fs.readFile(path.join(sandbox, name));
      assert.ok(
        followed[index]?.equals(there),
        `${name}: ${followed[index]?.length} of ${there.length} bytes`,
      );
    }
    assert.ok((followed[0]?.length ?? 0) > 0 && (followed[2]?.length ?? 0) > 0);
    const raw = await cluster.run('logs', task.id, '--file', 'airflow', '--raw');
    assert.equal(raw.stdout, followed[2]?.toString());
    const drawn = await cluster.run('logs', task.id, '--file', 'airflow', '--follow');
    assert.match(drawn.stdout, /^\d{4}-\S+Z INFO /);
    assert.doesNotMatch(drawn.stdout, /^\{/m);

    // The retry of another one, followed from its first try on.
    const tries = await cluster.run('logs', `shapes/${run_id}/flaky`, '--all-tries', '--follow');
    assert.equal(tries.status, 0, tries.stderr);
    assert.match(
      tries.stdout,
      /^── flaky · try 1 · agent-\d · [^\n]+ ──\n[^]*the first try fails on purpose[^]*\n── flaky · try 2 · agent-\d · [^\n]+ ──\n[^]*try 2 succeeds/,
    );
    const failed = await cluster.run('logs', `shapes/${run_id}/flaky`, '--all-tries', '--level', 'error');
    assert.match(
      failed.stdout,
      /Traceback[^]*RuntimeError: the first try fails on purpose[^]*── flaky · try 2[^\n]+\n$/,
    );
  });

  it('has had no part that died by itself in all this', async () => {
    const { parts } = await cluster.json<ClusterView>('status');
    assert.deepEqual(
      parts.filter(({ restarts, state }) => restarts > 0 || state !== 'ready'),
      [],
    );
  });

  it('says of what it does not have that it does not', async () => {
    assert.equal((await cluster.run('logs', 'no-such-id')).status, 4);
    assert.equal((await cluster.run('kill', 'shapes/no-run/no-task')).status, 4);
    const { status, stderr } = await cluster.run('trigger', 'no_such_dag', '--json');
    assert.equal(status, 4, stderr);
    assert.ok((JSON.parse(stderr) as { error: string }).error);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
