import assert from 'node:assert/strict';
import type { ShownRow } from '../../../../src/extension/logs/followed.ts';
import { lineEdits } from '../../../../src/extension/logs/lineEdits.ts';
import { LogRows } from '../../../../src/logtext/rows.ts';

const rowsOf = (text: string): ShownRow[] =>
  new LogRows().push(Buffer.from(text.replaceAll(' ', '\n'))).map((row) => ({ text: row.text, row }));
const says = (text: string): ShownRow => ({ text });
const texts = (rows: readonly ShownRow[]): string[] => rows.map(({ text }) => text);

/** The edits, once they were tried. */
function edited(before: readonly ShownRow[], after: readonly ShownRow[]): ReturnType<typeof lineEdits> {
  const edits = lineEdits(before, after);
  const lines = texts(before);
  for (const { from, to, lines: others } of [...edits].reverse()) lines.splice(from, to - from, ...others);
  assert.deepEqual(lines, texts(after));
  return edits;
}

describe('the edits from a log’s lines to later ones', () => {
  const rows = rowsOf('a b c d e f g h ');

  it('are none where the texts are the same', () => {
    assert.deepEqual(edited(rows, [...rows]), []);
    assert.deepEqual(edited([], []), []);
    assert.deepEqual(edited(rows, rowsOf('a b c d e f g h ')), []);
  });

  it('are what came at the end', () => {
    const [first, last] = [says('first'), says('last')];
    assert.deepEqual(edited([first, ...rows.slice(0, 6)], [first, ...rows]), [
      { from: 7, to: 7, lines: ['g', 'h'] },
    ]);
    assert.deepEqual(edited([first, ...rows.slice(0, 6), last], [first, ...rows, last]), [
      { from: 7, to: 7, lines: ['g', 'h'] },
    ]);
  });

  it('are what went from the beginning and what came at the end, not what lies between', () => {
    const edits = edited([says('first'), ...rows.slice(0, 6)], [says('later'), ...rows.slice(3)]);
    assert.deepEqual(edits, [
      { from: 0, to: 4, lines: ['later'] },
      { from: 7, to: 7, lines: ['g', 'h'] },
    ]);
  });

  it('are what came before', () => {
    assert.deepEqual(edited([says('first'), ...rows.slice(4)], [says('first'), ...rows]), [
      { from: 1, to: 1, lines: ['a', 'b', 'c', 'd'] },
    ]);
  });

  it('lead to any lines, also where none is known again', () => {
    assert.equal(edited(rows, rowsOf('x y ')).length, 1);
    edited(rows, []);
    edited([], rows);
    edited(rows, [says('nothing')]);
    edited([says('nothing')], rows);
    edited(
      rows,
      rows.filter((_, index) => index % 2 === 0),
    );
    edited(
      rows.filter((_, index) => index % 3 === 0),
      rows,
    );
  });

  it('do not take equal lines for the same', () => {
    const same = rowsOf('x x x x x ');
    edited(same.slice(0, 3), same.slice(1));
    edited(same, same.slice(4));
    edited(same.slice(4), same);
  });
});
