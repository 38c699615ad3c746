import assert from 'node:assert/strict';
import { fromLastLines } from '../../../../src/cli/logs/lastLines.ts';
import { LastRows } from '../../../../src/cli/logs/lastRows.ts';
import type { LogEvent } from '../../../../src/api/logs.ts';
import { sent } from './fakeLog.ts';

async function lastOf(
  content: string | Buffer,
  lines: number,
  piece?: number,
): Promise<{ text: string; begin: number | undefined; opened: number }> {
  const bytes = Buffer.from(content as string);
  let opened = 0;
  let begin: number | undefined;
  const parts: Buffer[] = [];
  const open = async function* (offset: number): AsyncGenerator<LogEvent> {
    opened += 1;
    await Promise.resolve();
    yield* sent(bytes, offset, piece);
  };
  for await (const event of fromLastLines(open, lines)) {
    if (event.type !== 'data') continue;
    begin ??= event.offset;
    parts.push(event.data);
  }
  return { text: Buffer.concat(parts).toString('latin1'), begin, opened };
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

describe("the last lines of a task's log", () => {
  it('are those, and say where they begin', async () => {
    const text = lines(10_000);
    const last = await lastOf(text, 3);
    assert.deepEqual(
      [last.text, last.begin, last.opened],
      ['line 9997\nline 9998\nline 9999\n', text.length - 30, 1],
    );
  });

  it('are all of it where it has fewer, and none where none are wanted or it is empty', async () => {
    assert.equal((await lastOf('a\nb', 5)).text, 'a\nb');
    assert.equal((await lastOf('a\nb', 1)).text, 'b');
    assert.equal((await lastOf('a\nb\n', 2)).text, 'a\nb\n');
    assert.equal((await lastOf('a\nb\n', 0)).text, '');
    assert.equal((await lastOf('', 5)).text, '');
    assert.equal((await lastOf('\n\n\n', 2)).text, '\n\n');
  });

  it('are found however long they are, and in however small pieces they come', async () => {
    const long = `${'x'.repeat(9000)}\n`;
    const found = await lastOf(`first\n${long}${long}`, 2, 100);
    assert.equal(found.text, long + long);
    assert.ok(found.opened > 1);
    assert.equal((await lastOf(lines(2000), 2, 100)).text, 'line 1998\nline 1999\n');
  });

  it('are the very bytes, whatever they are', async () => {
    const odd = Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x00, 0x80, 0x0a]);
    assert.equal((await lastOf(odd, 1)).text, odd.subarray(2).toString('latin1'));
  });
});

describe('rows of which the last are shown', () => {
  it('are held until all that was there has come', () => {
    const last = new LastRows<number>(3);
    assert.deepEqual(last.push(Array.from({ length: 5000 }, (_, index) => index)), []);
    assert.deepEqual(last.push([5000]), []);
    assert.deepEqual(last.open(), [4998, 4999, 5000]);
    assert.deepEqual(last.open(), []);
    assert.deepEqual(last.push([1, 2]), [1, 2]);
    const all = new LastRows<number>(undefined);
    assert.deepEqual(all.push([1]), [1]);
  });
});
