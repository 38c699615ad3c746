import assert from 'node:assert/strict';
import { marksOf, NameStyles } from '../../../../src/extension/logMarks/marks.ts';
import type { ShownRow } from '../../../../src/extension/logs/followed.ts';
import { LogRows } from '../../../../src/logtext/rows.ts';

const rowsOf = (text: string): ShownRow[] =>
  new LogRows().push(Buffer.from(text)).map((row) => ({ text: row.text, row }));

describe('what is marked in a line of a log', () => {
  it('are its styles, behind the name of its task, which has a colour of its own', () => {
    const [red, green] = rowsOf('a \u001b[31mred\u001b[0m one\n\u001b[32mgreen\u001b[0m\n');
    assert.ok(red && green);
    assert.deepEqual(marksOf(red, new NameStyles()).spans, [{ start: 2, end: 5, style: { foreground: 1 } }]);
    const names = new NameStyles();
    const behind = (name: string, { text, row }: ShownRow): ShownRow => {
      const before = `${name} │ `;
      return { text: before + text, ...(row ? { row } : {}), indent: before.length };
    };
    const first = marksOf(behind('load[1] · try 2', red), names).spans;
    assert.deepEqual(first, [
      { start: 0, end: 15, style: { foreground: 6 } },
      { start: 20, end: 23, style: { foreground: 1 } },
    ]);
    assert.deepEqual(marksOf(behind('load[2]', green), names).spans[0]?.style, { foreground: 6 });
    assert.deepEqual(marksOf(behind('read', green), names).spans[0]?.style, { foreground: 14 });
  });

  it('is the trouble that its entry tells of, to its last line', () => {
    const rows = rowsOf(
      [
        '2026-11-23T12:00:00.000Z INFO     task fine',
        '2026-11-23T12:00:01.000Z WARNING  task hm',
        '2026-11-23T12:00:02.000Z ERROR    task oh',
        'Traceback (most recent call last):',
        'ValueError: 1',
        '2026-11-23T12:00:03.000Z CRITICAL task no',
        '',
      ].join('\n'),
    );
    const names = new NameStyles();
    assert.deepEqual(
      rows.map((row) => marksOf(row, names).trouble),
      [undefined, 'warning', 'error', 'error', 'error', 'error'],
    );
  });

  it('is what the document says of the log, where that is no line of it', () => {
    const names = new NameStyles();
    assert.deepEqual(marksOf({ text: '── stdout ──' }, names).spans, [
      { start: 0, end: 12, style: { italic: true } },
    ]);
    const [row] = rowsOf('── stdout ──\n');
    assert.ok(row);
    assert.deepEqual(marksOf(row, names).spans, []);
  });
});
