import assert from 'node:assert/strict';
import { Merge } from '../../../src/logtext/merge.ts';
import type { LogRow } from '../../../src/logtext/row.ts';

const row = (text: string, time?: number, head = true): LogRow => ({
  text,
  spans: [],
  head,
  level: undefined,
  time,
  offset: 0,
});
const taken = (merge: Merge): string[] =>
  merge.take().map(({ source, row: { text } }) => `${source}:${text}`);

describe('several logs', () => {
  it('are merged by time, entries whole, those that say none behind the one before', () => {
    const merge = new Merge();
    merge.push('a', [row('1', 1), row('1 more', 1, false), row('no time'), row('5', 5)]);
    merge.push('b', [row('2', 2), row('4', 4)]);
    merge.setQuiet('a', true);
    merge.setQuiet('b', true);
    assert.deepEqual(taken(merge), ['a:1', 'a:1 more', 'a:no time', 'b:2', 'b:4', 'a:5']);
    assert.deepEqual(taken(merge), []);
  });

  it('wait for a log that is still being read', () => {
    const merge = new Merge();
    merge.add('b');
    merge.push('a', [row('1', 1), row('3', 3)]);
    assert.deepEqual(taken(merge), []);
    merge.push('b', [row('2', 2)]);
    assert.deepEqual(taken(merge), ['a:1', 'b:2']);
    merge.setQuiet('b', true);
    assert.deepEqual(taken(merge), ['a:3']);
  });

  it('give out late what comes late, and order what has no time by its log', () => {
    const merge = new Merge();
    merge.setQuiet('a', true);
    merge.setQuiet('b', true);
    merge.push('a', [row('9', 9)]);
    assert.deepEqual(taken(merge), ['a:9']);
    merge.push('b', [row('2', 2)]);
    assert.deepEqual(taken(merge), ['b:2']);
    merge.push('b', [row('x'), row('y')]);
    merge.push('a', [row('10', 10)]);
    assert.deepEqual(taken(merge), ['b:x', 'b:y', 'a:10']);
  });

  it('are merged in time that grows with what there is', () => {
    const merge = new Merge();
    for (let source = 0; source < 20; source += 1) {
      merge.push(
        `s${source}`,
        Array.from({ length: 2000 }, (_, index) => row('x', index * 20 + source)),
      );
      merge.setQuiet(`s${source}`, true);
    }
    const began = performance.now();
    const times = merge.take().map(({ row: { time } }) => time);
    assert.equal(times.length, 40_000);
    assert.ok(times.every((time, index) => time === index));
    assert.ok(performance.now() - began < 3000);
  });
});
