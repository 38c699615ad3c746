import assert from 'node:assert/strict';
import { drawn, withColors } from '../../../src/logtext/ansi.ts';

const esc = '\u001b';

describe('a line with control sequences', () => {
  it('becomes its text and the styles of its parts', () => {
    assert.deepEqual(drawn(`${esc}[1;31mrot${esc}[0m und ${esc}[92;44mgrün${esc}[39m!`), {
      text: 'rot und grün!',
      spans: [
        { start: 0, end: 3, style: { bold: true, foreground: 1 } },
        { start: 8, end: 12, style: { foreground: 10, background: 4 } },
        { start: 12, end: 13, style: { background: 4 } },
      ],
      style: { background: 4 },
    });
  });

  it('goes on in the style that the line before left on', () => {
    const first = drawn(`a ${esc}[3;33mb`);
    const second = drawn('c', first.style);
    assert.deepEqual(second.spans, [{ start: 0, end: 1, style: { italic: true, foreground: 3 } }]);
    assert.equal(drawn(`${esc}[m`, second.style).style, undefined);
  });

  it('knows 256 colours and all of them, with semicolons and colons', () => {
    const colour = (codes: string): unknown => drawn(`${esc}[${codes}mx`).spans[0]?.style.foreground;
    assert.equal(colour('38;5;9'), 9);
    assert.equal(colour('38;5;196'), '#ff0000');
    assert.equal(colour('38;5;244'), '#808080');
    assert.equal(colour('38;2;1;2;255'), '#0102ff');
    assert.equal(colour('38:2::1:2:255'), '#0102ff');
    assert.equal(colour('38:2:1:2:255'), '#0102ff');
    assert.equal(colour('38;2;1;2;999'), undefined);
    assert.deepEqual(drawn(`${esc}[38;5;1;4mx`).spans[0]?.style, { foreground: 1, underline: true });
  });

  it('loses all else that a terminal obeys', () => {
    const attacks = [
      `${esc}]0;title${String.fromCharCode(7)}`,
      `${esc}]52;c;ZWNobyBi${esc}\\`,
      `${esc}]8;;http://example.org${esc}\\`,
      `${esc}[2J`,
      `${esc}[1;1H`,
      `${esc}[?1049h`,
      `${esc}P+q544e${esc}\\`,
      `${esc}c`,
      `${esc}(0`,
      `${esc}7`,
      `${esc}_G${esc}\\`,
      '\u009b2J',
    ];
    for (const attack of attacks)
      assert.equal(drawn(`vor${attack}nach`).text, 'vornach', JSON.stringify(attack));
  });

  it('never leaves a control character, whatever comes', () => {
    let seed = 1;
    const random = (most: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % most;
    };
    const signs = [
      esc,
      esc,
      '[',
      ']',
      'P',
      '\\',
      'm',
      '3',
      ';',
      ':',
      '\u0007',
      '\u009b',
      '\u009d',
      '\0',
      '\b',
      '\r',
      'a',
      '\u007f',
    ];
    for (let round = 0; round < 5000; round += 1) {
      const line = Array.from({ length: 1 + random(12) }, () => signs[random(signs.length)]).join('');
      const { text, spans } = drawn(line);
      assert.doesNotMatch(text, /\p{Cc}/u, JSON.stringify(line));
      const colored = withColors(text, spans).replace(new RegExp(`${esc}\\[[\\d;]*m`, 'g'), '');
      assert.equal(colored, text, JSON.stringify(line));
      for (const { start, end } of spans) assert.ok(start < end && end <= text.length);
    }
  });

  it('is what was written last where it was written over, and shows other control characters as signs', () => {
    assert.equal(drawn(' 10%\r 20%\r100%\r').text, '100%');
    assert.equal(drawn('a\tb\r').text, 'a\tb');
    assert.equal(drawn('a\u0001\u0007\u007f').text, 'a␁␇␡');
    assert.equal(drawn(`x${'\0'.repeat(4096)}y\0`).text, 'x␀×4,096y␀');
  });

  it('takes no time on what is made to be slow', () => {
    const began = performance.now();
    for (const piece of [`${esc}]`, `${esc}[`, `${esc}P`, `${esc}[3;`, `${esc}]8;;`]) {
      drawn(piece.repeat(16_384 / piece.length));
    }
    assert.ok(performance.now() - began < 1000);
  });

  it('is drawn for a terminal with colours that end where they should', () => {
    const { text, spans } = drawn(`a${esc}[1;31mb${esc}[0mc${esc}[38;5;196md${esc}[48;5;12me`);
    assert.equal(
      withColors(text, spans),
      `a${esc}[1;31mb${esc}[0mc${esc}[38;2;255;0;0md${esc}[0m${esc}[38;2;255;0;0;104me${esc}[0m`,
    );
  });
});
