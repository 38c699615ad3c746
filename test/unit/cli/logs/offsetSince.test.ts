import assert from 'node:assert/strict';
import { offsetSince, type ReadChunk } from '../../../../src/cli/logs/offsetSince.ts';

const begun = Date.parse('2026-11-23T00:00:00Z');

/** A second later each, a hundred bytes long. */
const line = (nth: number): string =>
  `${new Date(begun + nth * 1000).toISOString()} INFO line ${nth} `.padEnd(99, '.') + '\n';

/** A log of so many lines that nobody has written; counts how often it is read. */
function logOf(lines: number, lineAt = line): { read: ReadChunk; reads: () => number } {
  let reads = 0;
  return {
    reads: () => reads,
    read: (offset) => {
      reads += 1;
      const first = Math.floor(offset / 100);
      const some = Array.from({ length: Math.min(650, lines - first) }, (_, index) => lineAt(first + index));
      return Promise.resolve({ data: some.join('').slice(offset % 100), offset, size: lines * 100 });
    },
  };
}

describe('where a log is read from for what is young', () => {
  it('is shortly before that, found in a few reads', async () => {
    const hundred = logOf(50_000_000);
    for (const nth of [0, 1, 12_345_678, 49_999_999]) {
      const offset = await offsetSince(hundred.read, 'stdout', begun + nth * 1000);
      assert.ok(offset <= nth * 100 && offset > nth * 100 - 2 * 1024 * 1024, `${nth}: ${offset}`);
    }
    assert.ok(hundred.reads() < 70, `${hundred.reads()}`);
  });

  it('is its end where nothing is, and its beginning where it is small or says no times', async () => {
    const end = await offsetSince(logOf(1_000_000).read, 'stdout', begun + 1e12);
    assert.ok(end > 1e8 - 2 * 1024 * 1024 && end < 1e8);
    assert.equal(await offsetSince(logOf(1000).read, 'stdout', begun + 999_000), 0);
    assert.equal(await offsetSince(logOf(0).read, 'stdout', begun), 0);
    const timeless = logOf(1_000_000, (nth) => `line ${nth} `.padEnd(99, '.') + '\n');
    assert.equal(await offsetSince(timeless.read, 'stdout', begun), 0);
  });
});
