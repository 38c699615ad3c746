import assert from 'node:assert/strict';
import { LineSplitter, type Line } from '../../../src/logtext/lines.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

describe('bytes to lines', () => {
  it('are the same however the bytes are cut, within a character too, with their places in the file', () => {
    const whole = bytes('eins\nzwölf 日本\n\n🚀 raus\r\nRest');
    const expected = new LineSplitter({ offset: 7 }).push(whole);
    assert.deepEqual(texts(expected), ['eins', 'zwölf 日本', '', '🚀 raus\r']);
    for (const { text, offset } of expected) {
      assert.equal(whole.subarray(offset - 7, offset - 7 + Buffer.byteLength(text)).toString(), text);
    }
    for (let size = 1; size <= whole.length; size += 1) {
      const splitter = new LineSplitter({ offset: 7 });
      const lines: Line[] = [];
      for (let at = 0; at < whole.length; at += size)
        lines.push(...splitter.push(whole.subarray(at, at + size)));
      assert.deepEqual(lines, expected, `in pieces of ${size}`);
      assert.equal(splitter.pending?.text, 'Rest');
      assert.equal(splitter.next, 7 + whole.length);
      assert.equal(splitter.end()?.text, 'Rest');
      assert.equal(splitter.end(), undefined);
    }
  });

  it('shows what is no UTF-8 as U+FFFD and goes on behind it', () => {
    const splitter = new LineSplitter();
    assert.deepEqual(texts(splitter.push(Buffer.from([0x61, 0xff, 0xc3, 0x0a, 0x62, 0x0a]))), [
      'a\ufffd\ufffd',
      'b',
    ]);
    assert.equal(splitter.next, 6);
  });

  it('folds a line of a megabyte, keeps its ends and little memory, and says how much it left out', () => {
    const most = 16_384;
    const long = `ä${'ü'.repeat(500_000)}Ende`;
    const whole = bytes(`vorher\n${long}\nnachher\n`);
    for (const size of [whole.length, 65_536, 1000, 7777]) {
      const splitter = new LineSplitter({ mostBytes: most });
      const lines: Line[] = [];
      for (let at = 0; at < whole.length; at += size)
        lines.push(...splitter.push(whole.subarray(at, at + size)));
      const [before, folded, after] = lines;
      assert.deepEqual([before?.text, after?.text], ['vorher', 'nachher']);
      assert.ok(folded!.leftOut > 0);
      assert.equal(folded!.text.includes('\ufffd'), false, 'characters stay whole');
      assert.match(folded!.text, /^äü{100,} ⋯ 98\d,\d{3} bytes of this line are left out ⋯ ü{100,}Ende$/);
      const kept = Buffer.byteLength(folded!.text.replace(/ ⋯ .* ⋯ /, ''));
      assert.equal(kept + folded!.leftOut, Buffer.byteLength(long), 'nothing is counted twice');
      assert.equal(after?.offset, whole.length - 'nachher\n'.length);
    }
  });

  it('folds a line just above the limit, and none at it', () => {
    const of = (length: number): Line =>
      new LineSplitter({ mostBytes: 100 }).push(bytes(`${'x'.repeat(length)}\n`))[0]!;
    assert.equal(of(100).text, 'x'.repeat(100));
    assert.equal(of(101).leftOut, 1);
  });

  it('begins anew elsewhere', () => {
    const splitter = new LineSplitter();
    splitter.push(bytes('halb'));
    splitter.startAt(1000);
    assert.deepEqual(splitter.push(bytes('neu\n')), [{ text: 'neu', offset: 1000, leftOut: 0 }]);
  });
});
