import assert from 'node:assert/strict';
import { ColourText } from '../../../src/logtext/colourText.ts';

const esc = '\u001b';
const bell = '\u0007';

function shown(...pieces: string[]): string {
  const text = new ColourText();
  return pieces.map((piece) => text.write(piece)).join('');
}

describe('output of a task in a terminal', () => {
  it('keeps its colours and styles', () => {
    for (const colour of ['', '0', '1;31', '38;5;208', '48;2;1;2;3', '4:3', '38:2::1:2:3']) {
      assert.equal(shown(`a${esc}[${colour}mb`), `a${esc}[${colour}mb`);
    }
    assert.equal(shown(`a\u009b31mb`), `a${esc}[31mb`);
  });

  it('keeps lines, tabs and returns, with line ends as terminals have them', () => {
    assert.equal(shown('a\nb\tc\r\nd\re\n'), 'a\r\nb\tc\r\nd\re\r\n');
    assert.equal(shown('a\r', '\nb'), 'a\r\nb');
    assert.equal(shown('größe 💡 \ud83d', '\udca1'), 'größe 💡 💡');
  });

  const orders: readonly (readonly [string, string])[] = [
    ['a title', `${esc}]0;pwned${bell}`],
    ['a title that ends with ST', `${esc}]2;pwned${esc}\\`],
    ['a title in 8-bit controls', '\u009d2;pwned\u009c'],
    ['a title that is called off', `${esc}]0;pwned\u0018`],
    ['the clipboard', `${esc}]52;c;cm0gLXJmIH4=${bell}`],
    ['a link', `${esc}]8;;http://example.com${esc}\\`],
    ['a question for the device', `${esc}[c`],
    ['a question for the place of the cursor', `${esc}[6n`],
    ['a question for a setting', `${esc}P$q"p${esc}\\`],
    ['clearing the screen', `${esc}[2J${esc}[3J${esc}[H`],
    ['moving', `${esc}[10A${esc}[K`],
    ['another screen and the mouse', `${esc}[?1049h${esc}[?1003h`],
    ['key modes, which end with m too', `${esc}[>4;2m${esc}[?4m`],
    ['a reset', `${esc}c${esc}[!p`],
    ['a character set', `${esc}(0${esc}#8`],
    ['a window', `${esc}[8;1;1t`],
    ['a message to the application', `${esc}_payload${esc}\\${esc}^payload${esc}\\${esc}Xpayload${esc}\\`],
    ['single controls', '\u0000\u0007\u0008\u000b\u000c\u000e\u000f\u007f\u0085\u0084'],
  ];
  for (const [what, order] of orders) {
    it(`leaves out ${what}, however it is cut`, () => {
      assert.equal(shown(`a${order}b`), 'ab');
      assert.equal(shown(...Array.from(`a${order}b`)), 'ab');
    });
  }

  it('takes an order within another as the one that began last', () => {
    assert.equal(shown(`a${esc}[3${esc}[31mb`), `a${esc}[31mb`);
    assert.equal(shown(`a${esc}]0;t${esc}[31mb`), `a${esc}[31mb`);
    assert.equal(shown(`a${esc}${esc}[31mb`), `a${esc}[31mb`);
  });

  it('ends what nobody ended: at the end of its line, or where it is too long', () => {
    assert.equal(shown(`a${esc}]0;never ended\nb`), 'a\r\nb');
    assert.equal(shown(`a${esc}[12\nb`), 'a\r\nb');
    assert.equal(shown(`a${esc}\nb`), 'a\r\nb');
    assert.match(shown(`a${esc}]0;${'x'.repeat(10_000)}b`), /^ax+b$/);
    assert.match(shown(`a${esc}[${'1;'.repeat(1000)}b`), /^a[1;]+b$/);
  });

  it('lets nothing but colours through, whatever the bytes', () => {
    // A generator of its own: the same numbers in each run.
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const signs = [
      esc,
      '[',
      ']',
      'm',
      ';',
      '1',
      '?',
      '>',
      '\\',
      bell,
      '\n',
      '\r',
      'P',
      'c',
      '\u009b',
      '\u009d',
    ];
    const text = new ColourText();
    for (let round = 0; round < 20_000; round += 1) {
      const safe = text.write(signs[random(signs.length)] ?? '');
      const rest = safe.replaceAll(new RegExp(`${esc}\\[[\\d;:]*m`, 'g'), '');
      assert.doesNotMatch(rest, new RegExp(`[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]`));
    }
  });
});
