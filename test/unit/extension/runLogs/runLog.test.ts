import assert from 'node:assert/strict';
import type { LogEvent } from '../../../../src/api/logs.ts';
import type { TaskRun } from '../../../../src/api/people.ts';
import { RunLog, type RunLogOptions } from '../../../../src/extension/runLogs/runLog.ts';
import { until } from '../../../support/until.ts';
import { running, taskRun } from '../../../vscode/support/views.ts';

const minute = (number: number): string =>
  `2026-11-23T12:${String(number).padStart(2, '0')}:00.000Z INFO     task`;

/** Files that a test writes, followed as a service lets them be followed. */
class Logs {
  readonly #texts = new Map<string, string>();
  readonly #ended = new Set<string>();
  readonly opened: string[] = [];
  #wake: () => void = () => undefined;
  #change = new Promise<void>((resolve) => (this.#wake = resolve));

  write(file: string, text: string): void {
    this.#texts.set(file, (this.#texts.get(file) ?? '') + text);
    this.#changed();
  }

  end(...files: readonly string[]): void {
    for (const file of files) this.#ended.add(file);
    this.#changed();
  }

  async *follow(
    task: string,
    file: string,
    offset: number,
    signal: AbortSignal,
  ): AsyncGenerator<LogEvent, void, undefined> {
    const name = `${task}/${file}`;
    this.opened.push(name);
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    let at = Math.max(0, offset);
    while (!signal.aborted) {
      const change = this.#change;
      const bytes = Buffer.from(this.#texts.get(name) ?? '');
      if (at < bytes.length) yield { type: 'data', offset: at, size: bytes.length, data: bytes.subarray(at) };
      at = bytes.length;
      if (this.#ended.has(name)) {
        yield { type: 'ended' };
        return;
      }
      yield { type: 'quiet', size: at };
      await Promise.race([change, aborted]);
    }
  }

  #changed(): void {
    const wake = this.#wake;
    this.#change = new Promise<void>((resolve) => (this.#wake = resolve));
    wake();
  }
}

describe('the logs of a DAG’s run', () => {
  let logs: Logs;
  let runs: TaskRun[];
  let state: string;
  let trouble: Error | undefined;
  let log: RunLog;

  const read = running('r', { key: { task_id: 'read' }, queued: 1 });
  const load = running('l', { key: { task_id: 'summarise', map_index: 2, try_number: 2 }, queued: 2 });
  const texts = (): string[] => log.rows.map(({ text }) => text);
  const make = (over: Partial<RunLogOptions> = {}): RunLog => {
    const source = {
      tasks: () => (trouble ? Promise.reject(trouble) : Promise.resolve(runs)),
      state: () => Promise.resolve(state),
      follow: logs.follow.bind(logs),
    };
    log = new RunLog({ source, title: 'weather · manual', most: 100_000, lookMs: 10, ...over });
    log.follow();
    return log;
  };
  beforeEach(() => {
    [logs, runs, state, trouble] = [new Logs(), [load, read], 'running', undefined];
  });
  afterEach(() => log.dispose());

  it('are merged by time, each line behind its task, with a traceback behind its head', async () => {
    logs.write('r.1/stdout', `${minute(1)} one\n${minute(3)} three\n  indented\n`);
    logs.write('l.1/stdout', `${minute(2)} two\n`);
    await make().ready;
    assert.deepEqual(texts(), [
      '── weather · manual · 2 tries ──',
      `read                 │ ${minute(1)} one`,
      `summarise[2] · try 2 │ ${minute(2)} two`,
      `read                 │ ${minute(3)} three`,
      'read                 │   indented',
    ]);
  });

  it('go on with what is written, with tasks that come, and end with the run', async () => {
    runs = [read];
    logs.write('r.1/stdout', `${minute(1)} one\n`);
    await make().ready;
    runs = [read, load, taskRun('w', { key: { task_id: 'wait' }, waits: 'no agent has 8 cpus' })];
    logs.write('l.1/stdout', `${minute(2)} two\n`);
    await until(() => texts().some((text) => text.includes('two')));
    await until(() => texts().at(-1) === '── wait: no agent has 8 cpus ──');
    runs = [read, load].map((run) => ({ ...run, ended: 5 }));
    state = 'success';
    logs.end('r.1/stdout', 'l.1/stdout');
    await until(() => texts().at(-1) === '── the run has ended: success ──');
  });

  it('have standard error of a task that wrote nothing else', async () => {
    runs = [{ ...read, ended: 5 }];
    logs.write('r.1/stderr', 'no such user\n');
    logs.end('r.1/stdout', 'r.1/stderr');
    make();
    await until(() => texts().includes('read │ no such user'));
  });

  it('are filtered, what comes too', async () => {
    logs.write('r.1/stdout', `${minute(1)} one\n${minute(2)} two\n`);
    await make().ready;
    log.setView({ file: 'stdout', filter: { words: 'tw' } });
    assert.deepEqual(
      texts().filter((text) => text.includes('│')),
      [`read                 │ ${minute(2)} two`],
    );
    logs.write('l.1/stdout', `${minute(3)} twelve\n${minute(4)} other\n`);
    await until(() => texts().some((text) => text.includes('twelve')));
    assert.ok(!texts().some((text) => text.includes('other')));
    assert.match(texts()[0] ?? '', /filtered/);
    log.setView({ file: 'stdout' });
    assert.ok(texts().some((text) => text.includes('other')));
  });

  it('stay bounded, and say that there is more', async () => {
    logs.write(
      'r.1/stdout',
      Array.from({ length: 500 }, (_, index) => `${minute(1)} line ${index}\n`).join(''),
    );
    await make({ most: 4000 }).ready;
    const shown = texts();
    assert.ok(shown.join('').length < 8000, String(shown.join('').length));
    assert.match(shown.at(-1) ?? '', /line 499$/);
    assert.match(shown[0] ?? '', /the ends of the logs/);
    log.dispose();
    await make({ mostLogs: 1 }).ready;
    assert.match(texts()[0] ?? '', /1 try · 1 earlier ones are not shown/);
  });

  it('are not read while nobody looks, and say what is wrong', async () => {
    logs.write('r.1/stdout', `${minute(1)} one\n`);
    trouble = new Error('the service is away');
    make();
    await until(() => texts().at(-1) === '── the service is away; trying again ──');
    trouble = undefined;
    await until(() => texts().some((text) => text.includes('one')));
    log.pause();
    logs.write('r.1/stdout', `${minute(2)} two\n`);
    log.follow();
    await until(() => texts().some((text) => text.includes('two')));
    assert.equal(texts().filter((text) => text.includes('one')).length, 1);
  });
});
