import assert from 'node:assert/strict';
import { cut, oneLine, pad, widthOf } from '../../../src/cli/output/text.ts';

const escape = String.fromCharCode(27);

describe('text on a terminal', () => {
  it('is measured in cells: wide characters and emoji take two, marks and colours none', () => {
    assert.equal(widthOf('Köln'), 4);
    assert.equal(widthOf('Ko\u0308ln'), 4);
    assert.equal(widthOf('東京'), 4);
    assert.equal(widthOf('🚀'), 2);
    assert.equal(widthOf(`${escape}[31mred${escape}[39m`), 3);
    assert.equal(widthOf('✓'), 1);
    assert.equal(pad('東京', 6), '東京  ');
  });

  it('is cut to a width without cutting a character, and keeps its colours', () => {
    assert.equal(cut('abcdef', 6), 'abcdef');
    assert.equal(cut('abcdef', 4), 'abc…');
    assert.equal(cut('東京都庁', 5), '東京…');
    const coloured = cut(`${escape}[31mabcdef${escape}[39m`, 4);
    assert.equal(widthOf(coloured), 4);
    assert.ok(coloured.endsWith(`${escape}[0m`), 'the colour ends');
  });

  it('from elsewhere cannot take over the terminal', () => {
    assert.equal(oneLine(`a${escape}[2Jb\r\nc\u0007\td`), 'ab c d');
    assert.equal(oneLine('Grüße aus Łódź'), 'Grüße aus Łódź');
  });
});
