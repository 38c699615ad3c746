import assert from 'node:assert/strict';
import { headOf } from '../../../src/logtext/head.ts';
import type { LogRow } from '../../../src/logtext/row.ts';
import { LogRows } from '../../../src/logtext/rows.ts';

const rowsOf = (text: string, format: 'text' | 'airflow' = 'text'): LogRow[] => {
  const rows = new LogRows({ format });
  return [...rows.push(Buffer.from(text)), ...rows.end()];
};
const shape = (rows: readonly LogRow[]): string[] =>
  rows.map(({ head, level, text }) => `${head ? '•' : ' '} ${level ?? '-'} ${text}`);

describe('the head of a line', () => {
  const noon = Date.parse('2026-11-23T12:00:00.123Z');
  const said = (line: string): unknown[] => {
    const head = headOf(line);
    return [head?.time, head?.level];
  };

  it('says time and level in the formats that stand in sandboxes', () => {
    assert.deepEqual(said('2026-11-23T12:00:00.123Z WARNING  my.code Text'), [noon, 'warning']);
    assert.deepEqual(
      said('[2026-11-23T13:00:00.123+0100] {taskinstance.py:2614} ERROR - Task failed'),
      [noon, 'error'],
      'Airflow 2.11',
    );
    assert.deepEqual(said('[2026-11-23, 12:00:00 UTC] {x.py:1} INFO - a'), [noon - 123, 'info']);
    assert.deepEqual(
      said('2026-11-23T12:00:00.123456Z [debug    ] Text [logger] n=1'),
      [noon, 'debug'],
      'structlog',
    );
    assert.deepEqual(
      said('2026-11-23 12:00:00,123 - root - CRITICAL - Text'),
      [new Date(2026, 10, 23, 12, 0, 0, 123).getTime(), 'critical'],
      "Python's logging, in this machine's zone",
    );
    assert.deepEqual(said('W1123 12:00:00.123456  4711 exec.cpp:133] Text'), [undefined, 'warning'], 'glog');
    assert.deepEqual(said('ERROR:root:Text'), [undefined, 'error']);
    assert.deepEqual(said('[INFO] Text'), [undefined, 'info']);
  });

  it('is none of a line that only speaks of such', () => {
    for (const line of [
      'Errors: none',
      'INFORMATION',
      'an ERROR',
      '',
      '12 apples',
      '[1, 2]',
      'ERROR',
      'Error: x',
    ]) {
      assert.equal(headOf(line), undefined, line);
    }
    assert.deepEqual(said('2026-11-23T12:00:00Z nothing more'), [noon - 123, undefined]);
    assert.deepEqual(said('2026-99-99T12:00:00Z INFO x'), [undefined, 'info']);
  });
});

describe('rows of a log', () => {
  it('hold what follows a line with time and level to it, a traceback and the lines of a message', () => {
    const rows = rowsOf(
      [
        '[2026-11-23T12:00:00.123+0000] {a.py:1} INFO - eins',
        'noch eins',
        '[2026-11-23T12:00:01.123+0000] {a.py:1} ERROR - zwei',
        'Traceback (most recent call last):',
        '  File "/dags/x.py", line 9, in f',
        'ValueError: kaputt',
      ].join('\n'),
    );
    assert.deepEqual(shape(rows), [
      '• info [2026-11-23T12:00:00.123+0000] {a.py:1} INFO - eins',
      '  info noch eins',
      '• error [2026-11-23T12:00:01.123+0000] {a.py:1} ERROR - zwei',
      '  error Traceback (most recent call last):',
      '  error   File "/dags/x.py", line 9, in f',
      '  error ValueError: kaputt',
    ]);
    assert.equal(rows.at(-1)?.time, Date.parse('2026-11-23T12:00:01.123Z'));
  });

  it('are entries of their own where lines say nothing, but for tracebacks and what is indented', () => {
    const lines = [
      'tick 1',
      'tick 2',
      '  indented',
      'Traceback (most recent call last):',
      '  File "/dags/x.py", line 9, in f',
      'KeyError: 1',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "/dags/x.py", line 10, in f',
      'ValueError: 2',
      'tick 3',
    ];
    assert.deepEqual(shape(rowsOf(lines.join('\n'))), [
      '• - tick 1',
      '• - tick 2',
      '  -   indented',
      ...lines.slice(3, 12).map((line, index) => `${index === 0 ? '•' : ' '} error ${line}`),
      '• - tick 3',
    ]);
  });

  it('are the same in whatever pieces the bytes come', () => {
    const text = '\u001b[31mrot\nnoch rot\u001b[0m\n2026-11-23T12:00:00.123Z ERROR    x ü\n  日本\nEnde';
    const whole = rowsOf(text);
    assert.deepEqual(whole[1]?.spans, [{ start: 0, end: 8, style: { foreground: 1 } }]);
    const bytes = Buffer.from(text);
    for (let size = 1; size < bytes.length; size += 1) {
      const rows = new LogRows();
      const got: LogRow[] = [];
      for (let at = 0; at < bytes.length; at += size) got.push(...rows.push(bytes.subarray(at, at + size)));
      assert.deepEqual(shape(rows.pending), ['  error Ende']);
      assert.deepEqual([...got, ...rows.end()], whole);
    }
  });

  it('say once that a file is binary, and know where each line begins', () => {
    const rows = rowsOf(`a\nb\0${'\0'.repeat(99)}c\nd\0\n`);
    assert.deepEqual(
      rows.map(({ text, note }) => (note ? 'note' : text)),
      ['a', 'note', 'b␀×100c', 'd␀'],
    );
    assert.deepEqual(
      rows.map(({ offset }) => offset),
      [0, 2, 2, 105],
    );
  });

  it('begin an entry of their own behind a gap', () => {
    const rows = new LogRows();
    rows.push(Buffer.from('2026-11-23T12:00:00.123Z ERROR    x \u001b[31ma\nhal'));
    rows.startAt(5000);
    const [row] = rows.push(Buffer.from('the rest\n'));
    assert.deepEqual(row, {
      text: 'the rest',
      spans: [],
      head: true,
      level: undefined,
      time: undefined,
      offset: 5000,
    });
  });

  it('are made fast enough for a log that is written fast', () => {
    const line = '2026-11-23T12:00:00.123Z INFO     my.code tick 123456 of a million, all is well so far\n';
    const bytes = Buffer.from(line.repeat(Math.ceil(4_000_000 / line.length)));
    const rows = new LogRows();
    let count = 0;
    const began = performance.now();
    for (let at = 0; at < bytes.length; at += 65_536)
      count += rows.push(bytes.subarray(at, at + 65_536)).length;
    const seconds = (performance.now() - began) / 1000;
    assert.equal(count, bytes.length / line.length);
    assert.ok(seconds < 2, `4 MB took ${seconds} s`);
  });
});
