import assert from 'node:assert/strict';
import { FollowedFile, type FollowedFileOptions } from '../../../../src/extension/logs/followedFile.ts';
import { until } from '../../../support/until.ts';
import { numbered, WrittenFile } from './writtenFile.ts';

const kb = 1024;

describe('FollowedFile', () => {
  let file: WrittenFile;
  let log: FollowedFile;
  const open = (over: Partial<FollowedFileOptions> = {}, pieceBytes = 64 * kb): void => {
    log = new FollowedFile({
      follow: (offset, signal, whole) => file.follow(offset, signal, whole, pieceBytes),
      most: 400 * kb,
      againMs: 5,
      ...over,
    });
    log.follow();
  };
  const first = (): string => log.rows[0]?.text ?? '';
  const last = (): string => log.rows.at(-1)?.text ?? '';
  const characters = (): number => log.rows.reduce((sum, { text }) => sum + text.length + 1, 0);
  const shows = async (line: string): Promise<unknown> =>
    until(() => last().startsWith(`${line} `), { what: line, limitMs: 20_000 });
  beforeEach(() => (file = new WrittenFile()));
  afterEach(() => log.dispose());

  it('is opened near its end, and read on as it is written', async () => {
    file.write(numbered(0, 1000));
    open({ first: 200 });
    await shows('line 999');
    assert.match(first(), /^line 99[01] /);
    file.write('unfinished ');
    await shows('unfinished');
    file.write('no more \n');
    file.end();
    await until(() => log.hasEnded, { what: 'the end' });
    assert.equal(last(), 'unfinished no more ');
    assert.equal(file.followed, 0);
  });

  it('goes on where it was when a connection broke, and says why nothing comes', async () => {
    file.write('first \n');
    open();
    await shows('first');
    file.trouble = new Error('the cable is cut');
    file.changed();
    await until(() => log.trouble === 'the cable is cut', { what: 'the trouble' });
    file.trouble = undefined;
    file.write('second \n');
    await shows('second');
    assert.equal(log.trouble, undefined);
    assert.ok(file.connections.slice(1).every(({ offset }) => offset === 7));
  });

  it('keeps a good part of what was written last, while its end is looked at', async () => {
    open();
    for (let line = 0; line < 30_000; line += 3000) {
      file.write(numbered(line, line + 3000, 100));
      await shows(`line ${line + 2999}`);
    }
    assert.ok(characters() <= 500 * kb, String(characters()));
    assert.equal(log.isCut, true);
  });

  it('lets nothing go while its beginning is looked at, waits where that is too much, and goes on at the end', async () => {
    file.write(numbered(0, 100, 100));
    open();
    await shows('line 99');
    log.setAtEnd(false);
    file.write(numbered(100, 20_000, 100));
    await until(() => log.end === 'full', { what: 'that there is no room', limitMs: 20_000 });
    assert.match(first(), /^line 0 /);
    assert.ok(characters() <= 900 * kb, String(characters()));
    await until(() => file.followed === 0, { what: 'that nothing is read' });
    const stopped = last();
    // Shown again, there is no more room than before.
    log.pause();
    log.follow();
    assert.equal(file.followed, 0);
    assert.equal(last(), stopped);
    log.setAtEnd(true);
    await shows('line 19999');
    assert.equal(log.end, 'following');
  });

  it('keeps little of what grows faster than anybody can read, and more again afterwards', async () => {
    open({ most: 2048 * kb });
    await until(() => log.isKnown, { what: 'the empty file' });
    for (let line = 0; line < 20_000; line += 1000) file.write(numbered(line, line + 1000, 100));
    await shows('line 19999');
    assert.ok(characters() <= 192 * kb, String(characters()));
    assert.equal(log.window.hasEarlier, true);
    await log.loadEarlier();
    assert.ok(characters() > 500 * kb, String(characters()));
    assert.equal(last().slice(0, 11), 'line 19999 ');
  });

  it('does not take what was there before for fast', async () => {
    file.write(numbered(0, 20_000, 100));
    open({ most: 2048 * kb, first: 1024 * kb });
    await shows('line 19999');
    assert.ok(characters() > 1000 * kb, String(characters()));
  });

  it('loads earlier pieces up to the beginning, and lets the end go where it is too much', async () => {
    file.write(numbered(0, 30_000, 100));
    open({ first: 100 * kb });
    await shows('line 29999');
    log.setAtEnd(false);
    const firstRow = log.rows[0];
    await log.loadEarlier();
    assert.ok(log.rows.includes(firstRow ?? log.rows[0]!), 'what was read is the same');
    let loads = 1;
    while (await log.loadEarlier()) loads += 1;
    assert.ok(loads >= 5 && loads < 9, String(loads));
    assert.match(first(), /^line 0 /);
    assert.ok(characters() <= 1200 * kb, String(characters()));
    assert.equal(log.end, 'reading');
    // It is read on by pieces, as its end is reached.
    for (let count = 0; !last().startsWith('line 29999 ') && count < 20; count += 1) {
      const before = last();
      log.setAtEnd(true);
      await until(() => last() !== before && (log.end === 'following' || file.followed === 0), {
        what: 'another piece',
        limitMs: 20_000,
      });
      log.setAtEnd(false);
    }
    assert.equal(log.end, 'following');
    file.write('more \n');
    await shows('more');
  });

  it('is opened at a place, read on by pieces without gaps, and followed from its end on', async () => {
    file.write(numbered(0, 20_000, 100));
    open({ from: 1_000_000 });
    await until(() => log.end === 'reading' && file.followed === 0 && !log.isEmpty, { what: 'a piece' });
    assert.match(first(), /^line 10001 /);
    assert.deepEqual(file.connections, [{ offset: 1_000_000, whole: true }]);
    const before = log.rows.length;
    log.setAtEnd(true);
    await until(() => log.rows.length !== before, { what: 'the next piece', limitMs: 20_000 });
    for (let count = 0; log.end !== 'following' && count < 10; count += 1) {
      await until(() => file.followed === 0 || log.end === 'following', { what: 'a piece' });
      log.setAtEnd(true);
    }
    await shows('line 19999');
    const numbers = log.rows.map(({ text }) => Number(text.split(' ')[1]));
    assert.ok(numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1));
  });

  it('says what it is told of the file, and begins anew where that does', async () => {
    file.write('first \n');
    open();
    await shows('first');
    file.empty({ type: 'note', note: 'rotated', text: 'it was rotated' });
    file.write('second \n');
    await shows('second');
    assert.deepEqual(
      log.rows.map(({ text }) => text),
      ['first ', '── it was rotated ──', 'second '],
    );
  });

  it('reads Airflow’s records as text', async () => {
    file.write('{"timestamp":"2026-11-23T12:00:00Z","level":"warning","event":"hot","logger":"x"}\n');
    open({ format: 'airflow' });
    await until(() => last() === '2026-11-23T12:00:00.000Z WARNING  x hot', { what: 'its text' });
    assert.equal(log.rows[0]?.level, 'warning');
  });
});
