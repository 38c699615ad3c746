import assert from 'node:assert/strict';
import type { TaskRun } from '../../../../src/api/people.ts';
import { textOf } from '../../../../src/extension/logs/followed.ts';
import { TaskLog, type RetryPlan } from '../../../../src/extension/logs/taskLog.ts';
import { firstBytes, type TrySource } from '../../../../src/extension/logs/tryLog.ts';
import type { LogView } from '../../../../src/extension/logs/view.ts';
import { until } from '../../../support/until.ts';
import { atNoon, running } from '../../../vscode/support/views.ts';
import { numbered, WrittenFile } from './writtenFile.ts';

const minute = (number: number): string =>
  `2026-11-23T12:${String(number).padStart(2, '0')}:00.000Z INFO     task`;

/** A try whose files are written by the test. */
class WrittenTry implements TrySource {
  readonly stdout = new WrittenFile();
  readonly stderr = new WrittenFile();
  readonly airflow = new WrittenFile();
  run: TaskRun;

  constructor(run: TaskRun) {
    this.run = run;
  }

  follow(file: 'stdout' | 'stderr' | 'airflow', offset: number, signal: AbortSignal, whole: boolean) {
    return this[file].follow(offset, signal, whole, 64 * 1024);
  }

  place(file: string): Promise<string> {
    return Promise.resolve(`agent-1 · ${file}`);
  }

  taskRun(): Promise<TaskRun> {
    return Promise.resolve(this.run);
  }

  end(over: Partial<TaskRun>): void {
    this.run = { ...this.run, ended: atNoon + 3000, ...over };
    for (const file of [this.stdout, this.stderr, this.airflow]) file.end();
  }

  get followed(): number {
    return this.stdout.followed + this.stderr.followed + this.airflow.followed;
  }
}

describe('TaskLog', () => {
  let tries: Map<string, WrittenTry>;
  let task: WrittenTry;
  let log: TaskLog;
  let plan: RetryPlan | undefined;
  let asked: number;
  beforeEach(() => {
    task = new WrittenTry(running('a'));
    tries = new Map([['a', task]]);
    plan = undefined;
    asked = 0;
    const tryOf = (id: string): WrittenTry => {
      const found = tries.get(id);
      assert.ok(found, id);
      return found;
    };
    log = new TaskLog({
      source: {
        tryOf,
        nextTry: ({ key }) => {
          asked += 1;
          const runs = [...tries.values()].map(({ run }) => run);
          return Promise.resolve(runs.find((run) => run.key.try_number === key.try_number + 1));
        },
        retryPlan: () => Promise.resolve(plan),
      },
      id: 'a',
      most: 2 * 1024 * 1024,
      againMs: 20,
      lookMs: 20,
    });
  });
  afterEach(() => log.dispose());
  const text = (): string => textOf(log.rows);
  const shows = async (expected: RegExp): Promise<unknown> =>
    until(() => expected.test(text()), { what: String(expected), limitMs: 10_000 });
  const show = (view: Partial<LogView>): void => log.setView({ ...log.view, ...view });
  const addTry = (number: number): WrittenTry => {
    const key = { ...task.run.key, try_number: number };
    const added = new WrittenTry({ ...running(`t${number}`), key });
    tries.set(`t${number}`, added);
    return added;
  };

  it('shows what is written as it is written, and the outcome at the end', async () => {
    log.follow();
    await shows(/^── agent-1 · stdout ──\n── waiting for output ──$/);
    task.stdout.write('Zürich\n');
    await shows(/Zürich$/);
    task.stdout.write('Αθήνα\n');
    task.end({ state: 'finished', airflow_state: 'success' });
    await shows(/^── agent-1 · stdout ──\nZürich\nΑθήνα\n── ended: success after 2 s · .* ──$/);
  });

  it('says what it waits for while it is queued', async () => {
    task.run = { ...task.run, state: 'queued', waits: 'no agent has 8 cpus' };
    log.follow();
    await shows(/── waiting: no agent has 8 cpus ──$/);
  });

  it('says why a task failed, in few words', async () => {
    const info = 'TASK_FAILED on agent-1: Command exited with status 1 (REASON_COMMAND_EXECUTOR_FAILED)';
    task.end({ state: 'failed', info, airflow_state: 'up_for_retry' });
    task.stdout.write('x\n');
    log.follow();
    await shows(/── ended: up for retry · exit status 1 after 2 s/);
    log.dispose();
  });

  it('reads nothing while it is paused, and after the end', async () => {
    log.follow();
    await shows(/waiting for output/);
    log.pause();
    await until(() => task.followed === 0, { what: 'that nothing is read' });
    task.stdout.write('unseen\n');
    log.follow();
    await shows(/unseen/);
    task.end({ state: 'failed', info: 'exit status 1' });
    await shows(/ended: failed · exit status 1/);
    await until(() => task.followed === 0, { what: 'that nothing is read' });
    const connections = task.stdout.connections.length;
    log.pause();
    log.follow();
    assert.equal(task.stdout.connections.length, connections);
  });

  it('changes at most four times a second, however fast the log grows', async () => {
    let changes = 0;
    log.follow();
    await shows(/waiting for output/);
    log.onDidChange(() => (changes += 1));
    const began = performance.now();
    while (performance.now() - began < 1100) {
      task.stdout.write('line\n');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const most = Math.ceil((performance.now() - began) / 250) + 1;
    assert.ok(changes >= 2 && changes <= most, `${changes} changes`);
  });

  it('shows standard error where a task could not even begin', async () => {
    task.stderr.write('No module named airflow_mesos\n');
    task.end({ state: 'failed', info: 'exit status 1' });
    log.follow();
    await shows(/^── agent-1 · stderr ──\nNo module named airflow_mesos\n── ended: failed · exit status 1/);
  });

  it('waits for Airflow’s word before it calls a finished task a success', async () => {
    task.stdout.write('done\n');
    task.end({ state: 'finished' });
    log.follow();
    await shows(/ended: finished/);
    task.run = { ...task.run, airflow_state: 'failed' };
    await shows(/ended: failed/);
  });

  it('says that nothing comes, keeps what it has, and goes on where it was', async () => {
    task.stdout.write('first\n');
    log.follow();
    await shows(/first$/);
    task.stdout.trouble = new Error('the connection broke');
    task.stdout.changed();
    await shows(/first\n── the connection broke; trying again ──$/);
    task.stdout.trouble = undefined;
    task.stdout.write('second\n');
    await shows(/first\nsecond$/);
    assert.equal(task.stdout.connections[0]?.offset, -firstBytes);
    assert.ok(task.stdout.connections.slice(1).every(({ offset }) => offset === 6));
  });

  it('says how much of a long log lies before what it shows, and loads it', async () => {
    task.stdout.write(numbered(0, 10_000, 100));
    log.follow();
    await shows(/^── agent-1 · stdout · the first 46\d\.\d kB are not shown · Load Earlier ──\nline 47\d\d /);
    const [first] = log.rows;
    const [command] = first?.commands ?? [];
    assert.equal(command?.command, 'loadEarlierLog');
    assert.equal(first?.text.slice(command.start, command.end), 'Load Earlier');
    assert.equal(await log.loadEarlier(), true);
    assert.match(text(), /^── agent-1 · stdout ──\nline 0 /);
    assert.equal(await log.loadEarlier(), false);
  });

  it('opens at a place, says how much follows, and goes to the end', async () => {
    task.stdout.write(numbered(0, 20_000, 100));
    log.follow();
    await shows(/line 19999 \.*$/);
    assert.equal(log.size, 2_000_000);
    show({ from: 500_000 });
    // What was shown stays until the other is there.
    assert.match(text(), /line 19999 \.*$/);
    await shows(
      /^── .* · the first 488\.4 kB are not shown · Load Earlier ──\nline 5001 [\s\S]*── .* more follow · Go to End ──$/,
    );
    assert.equal(log.growsAtEnd, false);
    show({ from: undefined });
    await shows(/line 19999 \.*$/);
    assert.equal(log.growsAtEnd, true);
  });

  it('shows another file when it is asked for, Airflow’s own as text or raw, and all by time', async () => {
    task.stdout.write(`${minute(1)} one\n${minute(3)} three\n`);
    task.stderr.write(`${minute(2)} two\n`);
    const record = '{"timestamp":"2026-11-23T12:00:00Z","level":"info","event":"hello","logger":"x"}';
    task.airflow.write(`${record}\n`);
    log.follow();
    await shows(/three$/);
    show({ file: 'stderr' });
    await shows(/^── agent-1 · stderr ──\n2026-11-23T12:02:00.000Z INFO {5}task two$/);
    show({ file: 'airflow' });
    await shows(/^── agent-1 · airflow ──\n2026-11-23T12:00:00.000Z INFO {5}x hello$/);
    show({ raw: true });
    await shows(/^── agent-1 · airflow ──\n\{"timestamp".*\}$/);
    show({ file: 'all', raw: false });
    await shows(/stdout │ .* one\nstderr │ .* two\nstdout │ .* three$/);
    assert.deepEqual(
      log.rows.map(({ indent }) => indent),
      [undefined, 9, 9, 9],
    );
    await until(() => task.followed === 2, { what: 'that nothing else is read' });
  });

  it('is filtered, also what comes, and says by what', async () => {
    task.stdout.write(`${minute(1)} one\n${minute(2)} two\n`);
    log.follow();
    await shows(/two$/);
    show({ filter: { words: 'tw', level: 'info' } });
    assert.match(text(), /^── agent-1 · stdout · filtered: tw ≥ info ──\n.* two$/);
    task.stdout.write(`${minute(3)} other\n${minute(4)} twelve\n`);
    await shows(/two\n.* twelve$/);
    show({ filter: { words: '/(/' } });
    await shows(/^── .* · not filtered: \/\(\/ is no regular expression .* ──\n.* one\n/);
    show({ filter: undefined });
    await shows(/^── agent-1 · stdout ──\n.* one\n.* two\n.* other\n.* twelve$/);
  });

  it('passes on what is said of the file: another launch, an agent that is away', async () => {
    task.stdout.write('first\n');
    log.follow();
    await shows(/first$/);
    task.stdout.note({ type: 'note', note: 'agent-away', text: 'agent-1 does not answer' });
    await shows(/first\n── agent-1 does not answer ──$/);
    task.stdout.note({ type: 'note', note: 'agent-back', text: 'The agent answers again.' });
    task.stdout.empty({ type: 'note', note: 'began-anew', text: 'a.1 is over, and was launched again' });
    task.stdout.write('second\n');
    await shows(/── The agent answers again\. ──\n── a\.1 is over, .* ──\nsecond$/);
  });

  it('says that there is another try, and goes on with it where that is wanted', async () => {
    task.stdout.write('tried\n');
    plan = { tries: 3, at: atNoon + 60_000 };
    log.follow();
    await shows(/tried$/);
    task.end({ state: 'finished', airflow_state: 'up_for_retry' });
    await shows(/── ended: up for retry after 2 s · .* · try 2 of 3 at .* · Follow Next Try ──$/);
    const second = addTry(2);
    second.stdout.write('tried again\n');
    await shows(/· there is try 2 · Follow Next Try ──$/);
    assert.ok(!text().includes('tried again'));
    show({ followsRetries: true });
    await shows(/tried\n── try 2 of 3 begins at .* · agent-1 · stdout ──\ntried again$/);
    second.end({ state: 'finished', airflow_state: 'success' });
    await shows(/tried again\n── ended: success after 2 s · .* ──$/);
  });

  it('goes on over several tries by itself, and with all of them after a reload', async () => {
    show({ followsRetries: true });
    log.follow();
    const names = ['one', 'two', 'three'];
    let tried = task;
    for (const [index, name] of names.entries()) {
      tried.stdout.write(`${name}\n`);
      await shows(new RegExp(`${name}$`));
      if (index === 2) break;
      tried.end({ state: 'failed', info: '', airflow_state: 'up_for_retry' });
      await shows(/ended: up for retry/);
      tried = addTry(index + 2);
    }
    const all = /stdout ──\none\n── try 2 begins at .* ──\ntwo\n── try 3 begins at .* ──\nthree$/;
    assert.match(text(), all);
    // As a document that is opened again with the view that is remembered.
    log.pause();
    show({ file: 'stderr' });
    show({ file: 'stdout' });
    log.follow();
    await shows(all);
  });

  it('does not look for another try of a task that succeeded', async () => {
    show({ followsRetries: true });
    task.stdout.write('x\n');
    task.end({ state: 'finished', airflow_state: 'success' });
    log.follow();
    await shows(/ended: success/);
    assert.equal(asked, 0);
  });
});
