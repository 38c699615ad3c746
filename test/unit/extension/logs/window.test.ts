import assert from 'node:assert/strict';
import { LogWindow } from '../../../../src/extension/logs/window.ts';
import { numbered } from './writtenFile.ts';

const texts = (window: LogWindow): string[] => [...window.rows, ...window.pending].map(({ text }) => text);

describe('LogWindow', () => {
  it('begins with a whole line where it begins inside the file', () => {
    const window = new LogWindow();
    window.append(1000, Buffer.from([0x9f, ...Buffer.from(' half\nwhole\n')]));
    assert.deepEqual(texts(window), ['whole']);
    assert.deepEqual([window.from, window.next], [1007, 1013]);
    assert.equal(window.hasEarlier, true);
  });

  it('shows one endless line all the same', () => {
    const window = new LogWindow();
    window.append(1000, Buffer.from([0x9f, ...Buffer.from('endless')]));
    assert.deepEqual(texts(window), ['endless']);
    assert.equal(window.from, 1001);
  });

  it('has earlier lines before the others, as often as it is asked, up to the beginning', () => {
    const file = Buffer.from(numbered(0, 50));
    const window = new LogWindow();
    window.append(700, file.subarray(700));
    let { epoch } = window;
    // Not at a line's beginning: the rest of that line comes with the next piece.
    for (const from of [505, 210, 0]) {
      assert.equal(window.prepend(from, file.subarray(from, window.from)), true);
      assert.notEqual(window.epoch, epoch);
      ({ epoch } = window);
    }
    assert.equal(`${texts(window).join('\n')}\n`, file.toString());
    assert.deepEqual([window.from, window.hasEarlier, window.isCut], [0, false, false]);
  });

  it('takes no piece that does not end where it begins', () => {
    const window = new LogWindow();
    window.append(700, Buffer.from(numbered(35, 50)));
    const before = texts(window);
    assert.equal(window.prepend(0, Buffer.from(numbered(0, 20))), false);
    assert.deepEqual(texts(window), before);
  });

  it('lets go of its beginning by whole entries, and can read it again', () => {
    const file = Buffer.from(
      `${numbered(0, 10)}2026-11-23T12:00:00Z ERROR x\n  a\n  b\n  c\n${numbered(10, 20)}`,
    );
    const window = new LogWindow();
    window.append(0, file);
    window.cutBeginning(440);
    // Its traceback would stand there without what it is of.
    assert.match(texts(window)[0] ?? '', /^line 1\d /);
    assert.equal(window.isCut, true);
    assert.equal(window.prepend(0, file.subarray(0, window.from)), true);
    assert.equal(`${texts(window).join('\n')}\n`, file.toString());
  });

  it('lets go of its end, and reads on where that was', () => {
    const file = Buffer.from(numbered(0, 50));
    const window = new LogWindow();
    window.append(0, file);
    window.cutEnd(400);
    assert.equal(window.next, window.rows.length * 20);
    assert.ok(window.rows.length > 5 && window.rows.length < 20, String(window.rows.length));
    window.append(window.next, file.subarray(window.next));
    assert.equal(`${texts(window).join('\n')}\n`, file.toString());
  });

  it('goes on in a file that made way for it, whose offsets begin at 0', () => {
    const window = new LogWindow();
    window.append(0, Buffer.from('first\nunfinished'));
    window.beginAnew('it was rotated');
    window.append(0, Buffer.from('second\n'));
    assert.deepEqual(texts(window), ['first', 'unfinished', '── it was rotated ──', 'second']);
    // What lay before is of another file.
    assert.deepEqual([window.from, window.next, window.hasEarlier], [0, 7, false]);
  });

  it('goes on elsewhere with a whole line, where a part was skipped', () => {
    const window = new LogWindow();
    window.append(0, Buffer.from('one\ntwo'));
    window.note('skipped');
    window.append(500, Buffer.from('ree\nfour\n'));
    assert.deepEqual(texts(window), ['one', 'two', '── skipped ──', 'four']);
  });
});
