import assert from 'node:assert/strict';
import { Filtering } from '../../../../src/extension/logs/filtering.ts';
import type { LogRow } from '../../../../src/logtext/row.ts';
import { LogRows } from '../../../../src/logtext/rows.ts';

const rowsOf = (text: string): LogRow[] => new LogRows().push(Buffer.from(text));
const textsOf = (rows: readonly LogRow[]): string[] => rows.map(({ text }) => text);

describe('Filtering', () => {
  it('lets all through at first, and what is asked for once it is', () => {
    const filtering = new Filtering();
    const rows = rowsOf('one\ntwo\n');
    assert.deepEqual(textsOf(filtering.pass(rows)), ['one', 'two']);
    assert.equal(filtering.words, undefined);
    filtering.set({ words: 'tw', level: 'info' });
    assert.deepEqual(textsOf(filtering.pass(rows)), ['two']);
    assert.equal(filtering.words, 'filtered: tw ≥ info');
    filtering.set(undefined);
    assert.deepEqual(textsOf(filtering.pass(rows)), ['one', 'two']);
  });

  it('holds for new rows and unfinished ones, and looks at none twice while rows only grow', () => {
    const filtering = new Filtering();
    filtering.set({ words: 't' });
    const rows = rowsOf('one\ntwo\nthree\n');
    assert.deepEqual(textsOf(filtering.pass(rows.slice(0, 2), 1)), ['two']);
    // Looked at before: what it says now does not matter.
    const grown = [...rowsOf('t\nt\n'), ...rows.slice(2)];
    assert.deepEqual(textsOf(filtering.pass(grown, 1, rowsOf('unfinished t\nno\n'))), [
      'two',
      'three',
      'unfinished t',
    ]);
    assert.deepEqual(textsOf(filtering.pass(grown, 2)), ['t', 't', 'three']);
  });

  it('says what is no regular expression, and what takes too long, and shows everything', () => {
    const filtering = new Filtering();
    filtering.set({ words: '/(/' });
    const rows = rowsOf('one\n');
    assert.deepEqual(textsOf(filtering.pass(rows)), ['one']);
    assert.match(filtering.words ?? '', /^not filtered: \/\(\/ is no regular expression \(/);
    filtering.set({ words: '/^(a+)+$/' });
    const slow = rowsOf(`${'a'.repeat(40)}!\n`);
    assert.deepEqual(textsOf(filtering.pass(slow, 1)), textsOf(slow));
    assert.equal(filtering.words, 'not filtered: /^(a+)+$/ takes too long on these lines');
    // It is not tried again with each new line.
    const began = performance.now();
    filtering.pass(slow, 2);
    assert.ok(performance.now() - began < 250);
    filtering.set({ words: 'one' });
    assert.deepEqual(textsOf(filtering.pass(rows, 3)), ['one']);
    assert.equal(filtering.words, 'filtered: one');
  });
});
