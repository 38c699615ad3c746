import assert from 'node:assert/strict';
import { CommandError } from '../../../../src/cli/errors.ts';
import { logRequest, type LogFlags } from '../../../../src/cli/logs/request.ts';
import { showLog } from '../../../../src/cli/logs/show.ts';
import type { TaskRun } from '../../../../src/api/people.ts';
import { contextDouble } from '../contextDouble.ts';
import { terminalDouble } from '../terminalDouble.ts';
import { attemptView, bytes, fakeLink, note, sent, taskRun, type FakeService } from './fakeLog.ts';

interface Shown {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

async function shown(
  service: FakeService,
  flags: LogFlags = {},
  {
    isTTY = false,
    run = taskRun(),
    env = {},
  }: { isTTY?: boolean; run?: TaskRun; env?: NodeJS.ProcessEnv } = {},
): Promise<Shown> {
  const out = terminalDouble({ isTTY, env });
  const err = terminalDouble();
  let status = 0;
  const context = { ...contextDouble({}), out, err, endWith: (code: number) => (status = code) };
  await showLog(fakeLink({ runs: [run], ...service }), run, logRequest(flags), context);
  return { out: out.written(), err: err.written(), status };
}

/** One log, whatever file is asked for, in pieces of so many bytes. */
const log = (content: string | Buffer, piece?: number): FakeService => ({
  follow: (_id, { offset }) => sent(Buffer.from(content as string), offset, piece),
});

const files = (contents: Readonly<Record<string, string>>): FakeService => ({
  follow: (_id, { file = 'stdout', offset }) => sent(Buffer.from(contents[file] ?? ''), offset),
});

const text = [
  '2026-11-23T14:00:00.000Z INFO     task begins',
  '2026-11-23T14:01:00.000Z WARNING  task is slow',
  '2026-11-23T14:02:00.000Z ERROR    task has failed',
  'Traceback (most recent call last):',
  '  File "/dags/load.py", line 7, in load',
  'ValueError: too bad',
  '2026-11-23T14:03:00.000Z INFO     task ends',
  '',
].join('\n');

describe("a task's log on a terminal", () => {
  const wild = '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[6nplain\n';

  it('has its colours, and nothing else that commands the terminal, which is left without colours', async () => {
    const { out } = await shown(log(wild, 7), {}, { isTTY: true });
    assert.equal(out, '\u001b[31mred\u001b[0m plain\n\u001b[0m');
  });

  it('has no colours where nobody wants any', async () => {
    const { out } = await shown(log(wild, 7), {}, { isTTY: true, env: { NO_COLOR: '1' } });
    assert.equal(out, 'red plain\n');
    const dumb = await shown(log(wild, 7), {}, { isTTY: true, env: { TERM: 'dumb' } });
    assert.equal(dumb.out, 'red plain\n');
  });

  it('is as it was written for a pipe, and where that was asked for', async () => {
    assert.equal((await shown(log(wild, 7))).out, wild);
    assert.equal((await shown(log(wild, 7), { raw: true }, { isTTY: true })).out, wild);
  });

  it('has characters that are cut over two reads, and signs for what is no text', async () => {
    const { out, err } = await shown(log(Buffer.from('a🦀b\0\xff\n', 'latin1'), 1), {}, { isTTY: true });
    assert.doesNotMatch(out, /\0/);
    assert.match(err, /not only text.*--raw/);
    assert.equal((await shown(log('grün 🦀\n', 1), {}, { isTTY: true })).out, 'grün 🦀\n\u001b[0m');
  });

  it('colours what is bad, in a log that has no colours of its own', async () => {
    const { out } = await shown(log(text), { level: 'warning' }, { isTTY: true });
    assert.match(
      out.replaceAll('\u001b', 'ESC'),
      /ESC\[33m.*WARNING .*ESC\[39m\nESC\[31m.*ERROR .*ESC\[39m\nTraceback/,
    );
  });
});

describe("a task's log for a pipe", () => {
  it('shows entries whole: a traceback goes with its first line', async () => {
    const failed = text.split('\n').slice(2, 6).join('\n');
    assert.equal((await shown(log(text, 10), { grep: 'too bad' })).out, `${failed}\n`);
    assert.equal((await shown(log(text, 10), { level: 'error' })).out, `${failed}\n`);
    assert.equal(
      (await shown(log(text), { since: '2026-11-23T14:02:00Z' })).out,
      text.split('\n').slice(2).join('\n'),
    );
    assert.match((await shown(log(text), { grep: '/BEGINS|ends/i', lines: 1 })).out, /^[^\n]*task ends\n$/);
  });

  it('says where no line says its time', async () => {
    const { out, err } = await shown(log('one\ntwo'), { since: '10m' });
    assert.equal(out, 'one\ntwo\n');
    assert.match(err, /No line of stdout says its time: --since leaves none out/);
    const begun = await shown(log(`a banner\n${text}`), { since: '2026-11-23T14:03:00Z' });
    assert.match(begun.out, /^2026[^\n]*task ends\n$/);
    assert.equal(begun.err, '');
  });

  it('draws Airflow’s own log as text, and gives it as it is where that was asked for', async () => {
    const record = '{"timestamp":"2026-11-23T14:00:00Z","level":"info","event":"größer","logger":"x"}\n';
    const airflow = files({ airflow: record });
    assert.match(
      (await shown(airflow, { file: 'airflow' })).out,
      /^2026-11-23T14:00:00\.000Z INFO +x größer\n$/,
    );
    assert.equal((await shown(airflow, { file: 'airflow', raw: true })).out, record);
    assert.match((await shown(airflow, { file: 'airflow', lines: 1 })).out, /größer\n$/);
  });

  it('merges all files by time, each line with its file’s name', async () => {
    const both = files({
      stdout: '2026-11-23T14:00:00Z INFO a\n2026-11-23T14:02:00Z INFO c\n',
      stderr: '2026-11-23T14:01:00Z INFO b\n',
    });
    const { out } = await shown(both, { file: 'all' });
    assert.deepEqual(
      out.split('\n').map((line) => line.replace(/2026\S+ INFO /, '')),
      ['stdout  │ a', 'stderr  │ b', 'stdout  │ c', ''],
    );
    const last = await shown(both, { file: 'all', lines: 2 });
    assert.match(last.out, /^stderr[^\n]*b\nstdout[^\n]*c\n$/);
  });

  it('is a line of JSON for each line, for programs; what is said of it too', async () => {
    const service: FakeService = {
      follow: () => [
        bytes('2026-11-23T14:00:00Z ERROR a\nmore\n'),
        note('agent-back', 'It is back.'),
        { type: 'ended' },
      ],
    };
    const { out, err } = await shown(service, { json: true, follow: true });
    const common = {
      task: 'r1',
      try: 1,
      file: 'stdout',
      level: 'error',
      time: Date.parse('2026-11-23T14:00:00Z'),
    };
    assert.deepEqual(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { ...common, offset: 0, head: true, text: '2026-11-23T14:00:00Z ERROR a' },
        { ...common, offset: 29, head: false, text: 'more' },
      ],
    );
    assert.deepEqual(JSON.parse(err), { note: 'It is back.' });
  });

  it('folds a line of a megabyte where it is looked into, and passes it on where it is not', async () => {
    const long = `${'x'.repeat(1_000_000)}\nend\n`;
    assert.equal((await shown(log(long))).out, long);
    const found = (await shown(log(long), { grep: 'xx' })).out;
    assert.match(found, /^x+ ⋯ 983,616 bytes of this line are left out ⋯ x+\n$/);
  });

  it('says on standard error what happened to it', async () => {
    const service: FakeService = {
      follow: () => [
        ...[note('agent-away', 'agent-1 is not there'), note('agent-back', 'The agent answers again.')],
        ...[
          bytes('one\n'),
          note('rotated', 'stdout was rotated'),
          bytes('two\n'),
          { type: 'ended' } as const,
        ],
      ],
    };
    const { out, err } = await shown(service, { follow: true });
    assert.equal(out, 'one\ntwo\n');
    assert.equal(
      err,
      '── agent-1 is not there ──\n── The agent answers again. ──\n── stdout was rotated ──\n',
    );
  });

  it('fails where there is none yet, none any more, and no such file', async () => {
    const fails = (status: number, says: RegExp) => (error: unknown) =>
      error instanceof CommandError &&
      error.exitCode === status &&
      says.test(error.message) &&
      error.next !== undefined;
    const waiting = taskRun({
      mesos_task_id: null,
      state: 'queued',
      ended: null,
      waits: 'all agents are full',
    });
    await assert.rejects(shown(log(''), {}, { run: waiting }), fails(1, /t has no log yet/));
    const gone: FakeService = { follow: () => [note('gone'), { type: 'ended' }] };
    await assert.rejects(shown(gone), fails(1, /no log of t any more/));
    const missing: FakeService = { ...log(''), missing: ['out.txt'] };
    await assert.rejects(shown(missing, { file: 'out.txt' }), fails(4, /There is no out\.txt/));
    assert.match((await shown(log(''))).err, /Nothing has been written to stdout/);
  });

  it('gives up a regular expression that takes too long, with a reason', async () => {
    const slow = `${'a'.repeat(40)}!\n`;
    await assert.rejects(
      shown(log(slow), { grep: '/(a+)+$/' }),
      (error: unknown) =>
        error instanceof CommandError && error.exitCode === 1 && error.message.includes('takes too long'),
    );
  });
});

describe('all tries of a task', () => {
  const first = taskRun({ state: 'finished', airflow_state: 'up_for_retry' });
  const second = taskRun({
    ...{ id: 'r2', mesos_task_id: 'r2.2', queued: 5 },
    key: { ...first.key, try_number: 2 },
  });
  const attempts = [
    attemptView('r1.1'),
    attemptView('r2.1', { state: 'TASK_LOST', agent: 'agent-2' }),
    attemptView('r2.2', { attempt: 2 }),
  ];

  it('are printed oldest first, each launch under a line that says which it is', async () => {
    const service: FakeService = {
      ...{ runs: [first, second], attempts },
      follow: (id) => sent(Buffer.from(id === 'r2.1' ? 'of r2.1, without an end' : `of ${id}\n`)),
    };
    const { out, status } = await shown(service, { allTries: true }, { run: second });
    assert.deepEqual(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ · [-\d]* ?\d\d:\d\d:\d\d/, '')),
      [
        '── t · try 1 · agent-1 · up for retry ──',
        'of r1.1',
        '── t · try 2 · launch 1 · agent-2 · lost ──',
        'of r2.1, without an end',
        '── t · try 2 · launch 2 · agent-1 · success ──',
        'of r2.2',
      ],
    );
    assert.equal(status, 0);
  });

  it('are followed from one to the next', async () => {
    const runs = [{ ...first, ended: null, airflow_state: null }] as TaskRun[];
    const known = attempts.slice(0, 1);
    const service: FakeService = {
      ...{ runs, attempts: known },
      follow: (id) => {
        // The retry comes while the first try’s log is read.
        if (id === 'r1.1') {
          runs.splice(0, 1, first, second);
          known.push(...attempts.slice(1));
        }
        return sent(Buffer.from(`of ${id}\n`));
      },
    };
    const { out } = await shown(service, { allTries: true, follow: true }, { run: first });
    assert.deepEqual(
      out.split('\n').filter((line) => line.startsWith('of ')),
      ['of r1.1', 'of r2.1', 'of r2.2'],
    );
  });

  it('are all printed that can be had, and it counts as a failure where one cannot', async () => {
    const service: FakeService = {
      ...{ runs: [first, second], attempts },
      follow: (id) => {
        if (id === 'r2.1')
          throw new CommandError(1, 'The log cannot be read now', { why: 'agent-2 is not there' });
        return sent(Buffer.from(`of ${id}\n`));
      },
    };
    const { out, err, status } = await shown(service, { allTries: true }, { run: second });
    assert.match(out, /of r1\.1\n[^]*of r2\.2\n$/);
    assert.match(err, /The log cannot be read now: agent-2 is not there/);
    assert.equal(status, 1);
  });
});
