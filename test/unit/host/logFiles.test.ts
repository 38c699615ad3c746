import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { lastLines, rotateLog, sizeOf, trimLog } from '../../../src/host/logFiles.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('log files', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const file = (): string => path.join(folder.path, 'part.log');

  beforeEach(async () => (folder = await temporaryFolder('logs')));
  afterEach(() => folder.remove());

  it('are put aside before their writer starts once they are large', async () => {
    await rotateLog(file(), 10);
    await fs.writeFile(file(), '0123456789');
    await rotateLog(file(), 10);
    assert.equal(await sizeOf(file()), 10);
    await fs.appendFile(file(), '!');
    await fs.writeFile(`${file()}.1`, 'older');
    await rotateLog(file(), 10);
    assert.equal(await sizeOf(file()), 0);
    assert.equal(await fs.readFile(`${file()}.1`, 'utf8'), '0123456789!');
  });

  it('are emptied under a writer that goes on', async () => {
    const writer = await fs.open(file(), 'a');
    try {
      await writer.write('first line\n');
      await trimLog(file(), 5);
      await writer.write('second\n');
      await trimLog(file(), 50);
    } finally {
      await writer.close();
    }
    assert.equal(await fs.readFile(file(), 'utf8'), 'second\n');
    assert.equal(await fs.readFile(`${file()}.1`, 'utf8'), 'first line\n');
    await trimLog(path.join(folder.path, 'nothing'), 5);
  });

  it('tell their last lines, from a given place on', async () => {
    await fs.writeFile(file(), 'one\n\ntwo ü\n   \nthree');
    assert.deepEqual(await lastLines(file(), 2), ['two ü', 'three']);
    assert.deepEqual(await lastLines(file(), 9, 5), ['two ü', 'three']);
    assert.deepEqual(await lastLines(file(), 9, 1000), ['one', 'two ü', 'three']);
    assert.deepEqual(await lastLines(path.join(folder.path, 'nothing'), 9), []);
    await fs.writeFile(file(), `${'x'.repeat(200_000)}\nend\n`);
    assert.deepEqual((await lastLines(file(), 1))[0], 'end');
    assert.deepEqual(await lastLines(file(), 0), []);
    // However many: they are looked for as far back as needed.
    const many = Array.from({ length: 30_000 }, (_, index) => `line ${index}`);
    await fs.writeFile(file(), `${many.join('\n')}\n`);
    assert.deepEqual(await lastLines(file(), 20_000), many.slice(-20_000));
    assert.deepEqual(await lastLines(file(), 1_000_000), many);
  });
});
