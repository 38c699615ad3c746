import assert from 'node:assert/strict';
import fs from 'node:fs';
import { recordText } from '../../../src/logtext/airflow.ts';
import { LogRows } from '../../../src/logtext/rows.ts';

const fixture = (name: string): Buffer => fs.readFileSync(`test/fixtures/logs/${name}`);
const texts = (name: string, format: 'airflow' | 'text'): string[] => {
  const rows = new LogRows({ format });
  return [...rows.push(fixture(name)), ...rows.end()].map(({ text }) => text);
};

describe("Airflow's log of JSON lines", () => {
  it('is drawn as the same task drew it on its standard output', () => {
    // There the supervisor writes as well, and a traceback has the lines of source that the JSON lacks.
    const isOthers = (line: string): boolean =>
      /^\S+ INFO {5}(supervisor|airflow_mesos\.task|airflow\.sdk\.api\.client) /.test(line) ||
      line.startsWith('    ');
    for (const name of ['failed', 'success']) {
      const onStdout = texts(`airflow-3.3-${name}.stdout.txt`, 'text').filter((line) => !isOthers(line));
      const fromJson = texts(`airflow-3.3-${name}.jsonl`, 'airflow');
      // Its two streams meet in an order of their own, each record stamped a little earlier or later.
      const coarse = (lines: string[]): string[] => lines.map((line) => line.replace(/\.\d{3}Z/, 'Z')).sort();
      assert.deepEqual(coarse(fromJson), coarse(onStdout));
      assert.ok(fromJson.length >= 10);
    }
  });

  it('shows exceptions as Python prints them, the cause first', () => {
    const all = texts('airflow-3.3-failed.jsonl', 'airflow');
    assert.deepEqual(
      all.slice(
        all.findIndex((line) => line.includes('Task failed')),
        -1,
      ),
      [
        '2026-11-23T23:09:20.647Z ERROR    task Task failed with exception',
        'Traceback (most recent call last):',
        '  File "/opt/mesos-airflow/dags/groessen.py", line 43, in fail',
        "ValueError: invalid literal for int() with base 10: 'zwölf'",
        '',
        'The above exception was the direct cause of the following exception:',
        '',
        'Traceback (most recent call last):',
        '  (11 frames of Airflow)',
        '  File "/opt/mesos-airflow/dags/groessen.py", line 45, in fail',
        'RuntimeError: kaputt: ä',
      ],
    );
  });

  it('draws fields, their values as Python writes them, and leaves out what each record has', () => {
    const record = {
      timestamp: '2026-11-23T12:00:00.123456Z',
      level: 'warning',
      event: 'Zählt ✓',
      logger: 'my.code',
      ...{
        count: 3,
        name: 'zwei Worte',
        quote: "it's so",
        none: null,
        yes: true,
        list: [1, 'a', {}],
        empty: '',
      },
      ...{ dag_id: 'x', ti_id: 'y', filename: 'z.py', lineno: 3 },
    };
    assert.deepEqual(recordText(JSON.stringify(record)), {
      lines: [
        '2026-11-23T12:00:00.123Z WARNING  my.code Zählt ✓  ' +
          `count=3 name='zwei Worte' quote="it's so" none=None yes=True list=[1, 'a', {}] empty=''`,
      ],
      level: 'warning',
      time: Date.parse('2026-11-23T12:00:00.123Z'),
    });
  });

  it('draws groups of exceptions and errors of syntax as Python does', () => {
    const error = (type: string, value: string, more: object = {}): object => ({
      exc_type: type,
      exc_value: value,
      frames: [{ filename: '/dags/x.py', lineno: 9, name: 'group' }],
      ...more,
    });
    const inner = error('ExceptionGroup', 'inner (1 sub-exception)', {
      exceptions: [[error('TypeError', 'tief', { frames: [] })]],
    });
    const outer = error('ExceptionGroup', 'mehrere (3 sub-exceptions)', {
      exceptions: [
        [error('ValueError', 'eins')],
        [error('RuntimeError', 'zwei'), error('KeyError', "'a'", { is_cause: true })],
        [inner],
      ],
    });
    const { lines } = recordText(JSON.stringify({ event: 'x', level: 'error', error_detail: [outer] }))!;
    // As python3.11 printed it.
    assert.deepEqual(lines.slice(1), [
      '  + Exception Group Traceback (most recent call last):',
      '  |   File "/dags/x.py", line 9, in group',
      '  | ExceptionGroup: mehrere (3 sub-exceptions)',
      '  +-+---------------- 1 ----------------',
      '    | Traceback (most recent call last):',
      '    |   File "/dags/x.py", line 9, in group',
      '    | ValueError: eins',
      '    +---------------- 2 ----------------',
      '    | Traceback (most recent call last):',
      '    |   File "/dags/x.py", line 9, in group',
      "    | KeyError: 'a'",
      '    |',
      '    | The above exception was the direct cause of the following exception:',
      '    |',
      '    | Traceback (most recent call last):',
      '    |   File "/dags/x.py", line 9, in group',
      '    | RuntimeError: zwei',
      '    +---------------- 3 ----------------',
      '    | Exception Group Traceback (most recent call last):',
      '    |   File "/dags/x.py", line 9, in group',
      '    | ExceptionGroup: inner (1 sub-exception)',
      '    +-+---------------- 1 ----------------',
      '      | TypeError: tief',
      '      +------------------------------------',
    ]);
    const syntax = error('SyntaxError', 'invalid syntax (x.py, line 2)', {
      frames: [],
      syntax_error: {
        filename: '/dags/x.py',
        lineno: 2,
        line: '  1 +* 2)\n',
        offset: 6,
        msg: 'invalid syntax',
      },
    });
    assert.deepEqual(recordText(JSON.stringify({ event: 'x', error_detail: [syntax] }))!.lines.slice(1), [
      '  File "/dags/x.py", line 2',
      '    1 +* 2)',
      '       ^',
      'SyntaxError: invalid syntax (x.py, line 2)',
    ]);
  });

  it('loses no detail that is no exception, no message of several lines, and no stack', () => {
    const lines = (record: object): readonly string[] =>
      recordText(JSON.stringify({ event: 'a\nb', ...record }))!.lines;
    assert.deepEqual(lines({ error_detail: 'plain\ntext\n' }).slice(-2), ['plain', 'text']);
    assert.match(lines({ error_detail: { odd: 1 } }).at(-1)!, /^b {2}error_detail=\{'odd': 1\}$/);
    assert.deepEqual(lines({ n: 1, stack: 'Stack:\n  here' }).slice(1), ['b  n=1', 'Stack:', '  here']);
    assert.match(lines({ timestamp: 'gestern', level: 'odd' })[0]!, /^gestern ODD {6}task a$/);
  });

  it('is no record where it is cut off, or something else', () => {
    for (const line of ['{"event": "x', '{"other": 1}', '[1]', 'text', '', 'null', '{}']) {
      assert.equal(recordText(line), undefined, line);
    }
    const rows = new LogRows({ format: 'airflow' });
    rows.push(Buffer.from('{"event": "noch nicht'));
    assert.deepEqual(rows.pending, [], 'half a record is not shown');
    assert.deepEqual(
      rows.end().map(({ text }) => text),
      ['{"event": "noch nicht'],
      'but where the file ends with it',
    );
  });

  it('reads a record that is longer than a line may be, and folds its lines', () => {
    const rows = new LogRows({ format: 'airflow' });
    const [row] = rows.push(
      Buffer.from(`${JSON.stringify({ event: 'x'.repeat(100_000), level: 'info' })}\n`),
    );
    assert.match(row!.text, /^ ?INFO {5}task x+ ⋯ [\d,]+ bytes of this line are left out ⋯ x+$/);
  });
});
