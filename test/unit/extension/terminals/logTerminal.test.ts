import assert from 'node:assert/strict';
import type { LogEvent } from '../../../../src/api/logs.ts';
import type { TaskRun } from '../../../../src/api/people.ts';
import { ServiceProblem, ServiceUnreachable } from '../../../../src/client/errors.ts';
import { LogTerminal } from '../../../../src/extension/terminals/logTerminal.ts';
import { until } from '../../../support/until.ts';
import { running } from '../../../vscode/support/views.ts';
import { screenOf, wordsOf } from './fakes.ts';

const title = '── load · try 1 · agent-1 ──\r\n';

function data(text: string | Buffer, offset = 0): LogEvent {
  const bytes = Buffer.from(text);
  return { type: 'data', offset, size: offset + bytes.length, data: bytes };
}

/** A connection: what comes over it, and then that it breaks where there is no `ended`. */
type Connection = readonly (LogEvent | Error)[];

interface Follow {
  readonly file: string;
  readonly offset: number;
  readonly signal: AbortSignal;
}

function follow(
  connections: Readonly<Record<string, readonly Connection[]>>,
  runs: readonly TaskRun[] = [
    running('load', { state: 'finished', airflow_state: 'success', ended: Date.now() }),
  ],
): {
  readonly terminal: LogTerminal;
  readonly asked: Follow[];
  readonly words: () => string;
  readonly written: () => string;
} {
  const asked: Follow[] = [];
  const left = new Map(Object.entries(connections).map(([file, each]) => [file, [...each]]));
  const tasks = [...runs];
  const terminal = new LogTerminal(
    {
      follow: async function* (file, offset, signal) {
        asked.push({ file, offset, signal });
        await Promise.resolve();
        for (const event of left.get(file)?.shift() ?? [{ type: 'ended' }]) {
          if (event instanceof Error) throw event;
          yield event;
          if (event.type === 'ended') return;
        }
        throw new ServiceUnreachable({ socket: '/s' }, 'the connection broke');
      },
      taskRun: () => Promise.resolve((tasks.length > 1 ? tasks.shift() : tasks[0]) ?? running('load')),
    },
    'load · try 1 · agent-1',
  );
  const screen = screenOf(terminal);
  terminal.open();
  return { terminal, asked, words: () => wordsOf(screen.text()), written: screen.text };
}

describe('a log in a terminal', () => {
  it('is shown in its own colours to its end, with what became of the task', async () => {
    const { words, written, asked } = follow({
      stdout: [[data('\u001b[32mtick\u001b[0m 1\n\u001b]0;title\u0007tick 2\n'), { type: 'ended' }]],
    });
    await until(() => /── ended: success after .* ──\r\n$/.test(words()), { what: 'the last line' });
    assert.ok(words().startsWith(`${title}tick 1\r\ntick 2\r\n── ended`));
    assert.ok(written().includes('\u001b[32mtick\u001b[0m 1\r\n'));
    assert.ok(!written().includes('title'));
    assert.deepEqual(
      asked.map(({ file }) => file),
      ['stdout'],
    );
  });

  it('says what it waits for', async () => {
    const { terminal, words } = follow({ stdout: [[{ type: 'quiet', size: 0 }]] }, [running('load')]);
    await until(() => words().includes('── waiting for output ──'), { what: 'the word' });
    terminal.close();
  });

  it('goes on where it was after a connection that broke, and says so once', async () => {
    const bytes = Buffer.from('größe\n');
    const { words, asked } = follow({
      stdout: [
        // In the midst of the ß.
        [data(bytes.subarray(0, 5))],
        [new ServiceUnreachable({ socket: '/s' }, 'nobody there')],
        [data(bytes.subarray(5), 5), { type: 'ended' }],
      ],
    });
    await until(() => words().includes('ended: success'), { what: 'the last line' });
    assert.deepEqual(
      asked.slice(1).map(({ offset }) => offset),
      [5, 5],
    );
    assert.match(words(), /grö\r\n── The cluster’s service does not answer; trying again ──\r\n/);
    assert.match(words(), /── connected again ──\r\nße\r\n/);
    assert.equal(words().split('trying again').length, 2);
  });

  it('shows a character that was cut between two records', async () => {
    const bytes = Buffer.from('größe 💡\n');
    const cuts = [...bytes].map((_, index) => data(bytes.subarray(index, index + 1), index));
    const { words } = follow({ stdout: [[...cuts, { type: 'ended' }]] });
    await until(() => words().includes('ended: success'), { what: 'the last line' });
    assert.ok(words().startsWith(`${title}größe 💡\r\n`));
  });

  it('begins with a whole line where there is more than is shown', async () => {
    const { words, asked } = follow({ stdout: [[data('of a line\nwhole\n', 1_000_000), { type: 'ended' }]] });
    await until(() => words().includes('ended: success'), { what: 'the last line' });
    assert.ok((asked[0]?.offset ?? 0) < 0);
    assert.ok(!words().includes('of a line'));
    assert.match(words(), /── what was written before is in the log’s document ──\r\nwhole\r\n/);
  });

  it('shows what the service tells in between on lines of its own', async () => {
    const { words } = follow({
      stdout: [
        [
          data('half'),
          { type: 'note', note: 'skipped', text: '3 MB were skipped', bytes: 3_000_000 },
          data('rest\n', 3_000_004),
          { type: 'ended' },
        ],
      ],
    });
    await until(() => words().includes('ended: success'), { what: 'the last line' });
    assert.match(words(), /half\r\n── 3 MB were skipped ──\r\nrest\r\n── ended/);
  });

  it('shows standard error of a task that could not begin', async () => {
    const failed = running('load', { state: 'failed', ended: Date.now(), info: 'exit status 127' });
    const { words } = follow(
      { stdout: [[{ type: 'ended' }]], stderr: [[data('python: not found\n'), { type: 'ended' }]] },
      [failed],
    );
    await until(() => words().includes('ended: failed'), { what: 'the last line' });
    assert.match(words(), /python: not found\r\n── ended: failed · exit status 127/);
  });

  it('says what the service refuses, and tries no more', async () => {
    const problem = { error: 'There is no task run load', next: 'See those that there are.' };
    const { words, asked } = follow({ stdout: [[new ServiceProblem(404, problem)]] });
    await until(() => words().includes('There is no task run load. See those'), { what: 'the reason' });
    assert.equal(asked.length, 1);
  });

  it('waits for Airflow’s word of how the task ended', async () => {
    const finished = running('load', { state: 'finished', ended: Date.now() });
    const { words } = follow({ stdout: [[data('a\n'), { type: 'ended' }]] }, [
      finished,
      { ...finished, airflow_state: 'failed' },
    ]);
    await until(() => words().includes('── ended: '), { what: 'the last line' });
    assert.match(words(), /── ended: failed after/);
  });

  it('reads no more once it is closed', async () => {
    const { terminal, words, asked } = follow({ stdout: [[data('a\n')]] });
    await until(() => words().includes('trying again'), { what: 'a connection that broke' });
    terminal.close();
    const before = words();
    assert.deepEqual(
      asked.map(({ signal }) => signal.aborted),
      asked.map(() => true),
    );
    assert.equal(words(), before);
  });
});
