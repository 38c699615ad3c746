import assert from 'node:assert/strict';
import { isBinary, VisibleText } from '../../../../src/cli/sandbox/visible.ts';

describe('a file of a sandbox on a terminal', () => {
  it('is told from a binary one', () => {
    assert.ok(!isBinary(Buffer.from('größe;wert\r\n1;2\n')));
    assert.ok(!isBinary(Buffer.from('\u001b[31mred\u001b[0m\n')));
    assert.ok(!isBinary(Buffer.alloc(0)));
    assert.ok(isBinary(Buffer.from('PK\u0003\u0004\0\0')));
    assert.ok(isBinary(Buffer.from([0x1f, 0x8b, 8, 3, 4, 1, 2, 65, 66])));
  });

  it('has no control characters, and whole letters though they are cut over two pieces', () => {
    const text = new VisibleText();
    const bytes = Buffer.from('a\tö\n\u001b]0;evil\u0007b\u009b2J\r\n');
    const cut = [...bytes].map((_, index) => text.of(bytes.subarray(index, index + 1))).join('') + text.end();
    assert.equal(cut, 'a\tö\n^[]0;evil^Gb\\x9b2J^M\n');
    const whole = new VisibleText();
    assert.equal(whole.of(Buffer.from('x\r\n\u007f')), 'x\n^?');
    assert.equal(whole.of(Buffer.from([0xc3])) + whole.end(), '\ufffd');
  });
});
