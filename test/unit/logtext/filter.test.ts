import assert from 'node:assert/strict';
import { filterOf, RowFilter, type FilterSpec } from '../../../src/logtext/filter.ts';
import { BadPattern, BoundedPattern, PatternTooSlow } from '../../../src/logtext/pattern.ts';
import { LogRows } from '../../../src/logtext/rows.ts';

const log = [
  '2026-11-23T12:00:00.001Z INFO     task begin',
  '2026-11-23T12:00:00.002Z WARNING  task slow',
  '2026-11-23T12:00:00.003Z ERROR    task Task failed',
  'Traceback (most recent call last):',
  '  File "/dags/x.py", line 9, in f',
  "KeyError: 'Größe'",
  '2026-11-23T12:00:00.004Z INFO     task end',
].join('\n');

function shown(spec: FilterSpec, text = log, piece = text.length): string[] {
  const rows = new LogRows();
  const all = [...rows.push(Buffer.from(text)), ...rows.end()];
  const filter = new RowFilter(spec);
  const out: string[] = [];
  for (let at = 0; at < all.length; at += piece)
    out.push(...filter.push(all.slice(at, at + piece)).map((row) => row.text));
  return out;
}
const lines = log.split('\n');

describe('a filter of rows', () => {
  it('is the same in whatever pieces the rows come', () => {
    for (const spec of [
      { text: 'größe' },
      { level: 'warning' },
      { pattern: { source: 'slow|end$', flags: '' } },
    ] as const) {
      for (let piece = 1; piece < 7; piece += 1) assert.deepEqual(shown(spec, log, piece), shown(spec));
    }
  });

  it('shows an entry whole, whichever of its rows has the text', () => {
    assert.deepEqual(shown({ text: 'größe' }), lines.slice(2, 6));
    assert.deepEqual(shown({ text: 'task failed' }), lines.slice(2, 6));
    assert.deepEqual(shown({ text: 'nowhere' }), []);
    assert.deepEqual(shown({ text: '' }), lines);
    assert.deepEqual(shown({}), lines);
  });

  it('heeds the case of a text that has capital letters', () => {
    assert.deepEqual(shown({ text: 'keyerror' }), lines.slice(2, 6));
    assert.deepEqual(shown({ text: 'KEYERROR' }), []);
    assert.deepEqual(shown({ text: 'KeyError' }), lines.slice(2, 6));
  });

  it('shows what is at least of a level, with its traceback; what says none counts as info', () => {
    assert.deepEqual(shown({ level: 'warning' }), lines.slice(1, 6));
    assert.deepEqual(shown({ level: 'critical' }), []);
    assert.deepEqual(shown({ level: 'info' }, 'plain\nlines'), ['plain', 'lines']);
    assert.deepEqual(shown({ level: 'warning' }, 'plain\nlines'), []);
  });

  it('wants all that is asked for', () => {
    assert.deepEqual(shown({ level: 'warning', text: 'task' }), lines.slice(1, 6));
    assert.deepEqual(shown({ level: 'warning', pattern: { source: 'begin|slow', flags: '' } }), [lines[1]]);
    assert.deepEqual(shown({ text: 'task', pattern: { source: 'BEGIN', flags: 'i' } }), [lines[0]]);
  });

  it('holds for a row that is not whole yet', () => {
    const rows = new LogRows();
    const filter = new RowFilter({ text: 'found' });
    filter.push(rows.push(Buffer.from('2026-11-23T12:00:00.001Z INFO     task found\n')));
    rows.push(Buffer.from('goes on'));
    assert.equal(filter.wouldShow(rows.pending[0]!), true, 'it belongs to one that is shown');
    filter.push(rows.push(Buffer.from('\n2026-11-23T12:00:00.001Z INFO     task other\n')));
    rows.push(Buffer.from('not'));
    assert.equal(filter.wouldShow(rows.pending[0]!), false);
    rows.push(Buffer.from(' yet found'));
    assert.equal(filter.wouldShow(rows.pending[0]!), true);
  });

  it('keeps of an entry without end its first row and its last ones', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `row ${index}`);
    const out = shown(
      { text: 'row 4999' },
      ['2026-11-23T12:00:00.001Z INFO     task long', ...many].join('\n'),
    );
    assert.equal(out[0], '2026-11-23T12:00:00.001Z INFO     task long');
    assert.equal(out.at(-1), 'row 4999');
    assert.equal(out.at(-2), 'row 4998');
    assert.ok(out.length <= 1001);
  });

  it('is read from words: a regular expression stands between slashes', () => {
    assert.deepEqual(filterOf('/a+/i'), { pattern: { source: 'a+', flags: 'i' } });
    assert.deepEqual(filterOf('/opt/dags/x'), { text: '/opt/dags/x' });
    assert.deepEqual(filterOf('/opt/dags/'), { pattern: { source: 'opt/dags', flags: '' } });
    assert.deepEqual(filterOf('//'), { text: '//' });
    assert.throws(() => new RowFilter(filterOf('/(/')), BadPattern);
  });
});

describe('a regular expression of a person', () => {
  it('is given up where it would take for ever, and can be asked again', () => {
    const evil = new BoundedPattern('(?:a|a)*b$', 'u', { limitMs: 200 });
    const began = performance.now();
    assert.throws(() => evil.test(['a'.repeat(16_000)]), PatternTooSlow);
    assert.ok(performance.now() - began < 5000);
    assert.deepEqual([...evil.test(['ab', 'x'])], [true, false]);
  });

  it('does not remember where it found something', () => {
    assert.deepEqual([...new BoundedPattern('a', 'gy').test(['xa', 'xa'])], [true, true]);
  });

  it('is refused where it is none', () => {
    assert.throws(() => new BoundedPattern('[', ''), BadPattern);
    assert.throws(() => new BoundedPattern('a', 'q'), BadPattern);
  });
});
