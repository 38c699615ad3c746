import assert from 'node:assert/strict';
import type { ShownRow } from '../../../../src/extension/logs/followed.ts';
import { movedLine } from '../../../../src/extension/logs/movedLine.ts';
import { LogRows } from '../../../../src/logtext/rows.ts';

const rows: readonly ShownRow[] = new LogRows()
  .push(Buffer.from('a\nb\nc\nd\ne\nf\n'))
  .map((row) => ({ text: row.text, row }));
const first = { text: '── agent-1 ──' };

describe('the line at which what was in view is', () => {
  it('is the same where nothing before it changed', () => {
    assert.equal(movedLine(rows.slice(0, 4), rows, 2), 2);
    assert.equal(movedLine([first, ...rows.slice(0, 4)], [first, ...rows], 0), 0);
  });

  it('moves with lines that come and go before it', () => {
    assert.equal(movedLine([first, ...rows.slice(3)], [first, ...rows], 2), 5);
    assert.equal(movedLine([first, ...rows], [first, ...rows.slice(3)], 5), 2);
  });

  it('is known by the lines below where it has none of its own, or it went', () => {
    assert.equal(movedLine([first, ...rows.slice(3)], [first, ...rows], 0), 3);
    assert.equal(movedLine(rows, [first, ...rows.slice(4)], 2), 0);
  });

  it('stays where nothing is left', () => {
    assert.equal(movedLine(rows.slice(0, 3), rows.slice(3), 2), 2);
    assert.equal(movedLine([], rows, 7), 7);
    assert.equal(movedLine(rows, [], 7), 7);
  });
});
