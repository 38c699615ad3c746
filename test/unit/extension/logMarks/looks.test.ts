import assert from 'node:assert/strict';
import { contrast, readable } from '../../../../src/extension/logMarks/contrast.ts';
import { lookOf } from '../../../../src/extension/logMarks/looks.ts';

describe('a style of a log', () => {
  it('has the colours that the theme gives a terminal', () => {
    assert.deepEqual(lookOf({ foreground: 1 }, 'dark'), { color: { id: 'terminal.ansiRed' } });
    assert.deepEqual(lookOf({ foreground: 12, background: 3 }, 'light'), {
      color: { id: 'terminal.ansiBrightBlue' },
      backgroundColor: { id: 'terminal.ansiYellow' },
    });
  });

  it('can be read: no black on black, no white on white, but on a background of its own', () => {
    assert.deepEqual(lookOf({ foreground: 0 }, 'dark'), { color: { id: 'terminal.ansiBrightBlack' } });
    assert.deepEqual(lookOf({ foreground: 0 }, 'light'), { color: { id: 'terminal.ansiBlack' } });
    assert.deepEqual(lookOf({ foreground: 15 }, 'light'), { color: { id: 'terminal.ansiWhite' } });
    assert.deepEqual(lookOf({ foreground: 0, background: 2 }, 'dark').color, { id: 'terminal.ansiBlack' });
    assert.equal(lookOf({ foreground: '#000080', background: '#ffffff' }, 'dark').color, '#000080');
    assert.notEqual(lookOf({ foreground: '#000080' }, 'dark').color, '#000080');
  });

  it('is exchanged with the theme’s own colours where it is inverse', () => {
    assert.deepEqual(lookOf({ inverse: true }, 'dark'), {
      color: { id: 'editor.background' },
      backgroundColor: { id: 'editor.foreground' },
    });
    assert.deepEqual(lookOf({ inverse: true, foreground: 1 }, 'dark'), {
      color: { id: 'editor.background' },
      backgroundColor: { id: 'terminal.ansiRed' },
    });
  });

  it('is bold, italic, dim, underlined and struck through, at once too', () => {
    const all = { bold: true, italic: true, dim: true, underline: true, strikethrough: true } as const;
    assert.deepEqual(lookOf(all, 'dark'), {
      fontWeight: 'bold',
      fontStyle: 'italic',
      textDecoration: 'underline line-through',
      opacity: '0.7',
    });
  });
});

describe('a colour of a program’s own', () => {
  it('stays where it can be read, else it is the nearest that can', () => {
    assert.equal(readable('#ff8800', 'dark'), '#ff8800');
    assert.equal(readable('#800000', 'light'), '#800000');
    for (const color of ['#000000', '#0000ff', '#202020', '#800000'] as const) {
      assert.ok(contrast(readable(color, 'dark'), '#1e1e1e') >= 4.5, color);
    }
    for (const color of ['#ffffff', '#ffff00', '#00ff00', '#808080'] as const) {
      assert.ok(contrast(readable(color, 'light'), '#ffffff') >= 4.5, color);
    }
  });

  it('has the contrasts that the standard says', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  });
});
