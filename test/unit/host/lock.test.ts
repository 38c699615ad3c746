import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { LockHeldError, takeLock } from '../../../src/host/lock.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('an exclusive lock', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder('lock')));
  after(() => folder.remove());

  it('is refused while its holder lives, naming the holder', async () => {
    const file = path.join(folder.path, 'held');
    const lock = await takeLock(file);
    await assert.rejects(
      takeLock(file),
      (error) => error instanceof LockHeldError && error.holder.pid === process.pid,
    );
    await lock.release();
    await (await takeLock(file)).release();
  });

  it('goes to exactly one of many that want it at once, from nobody, a dead holder or one that released it', async () => {
    for (const before of [undefined, JSON.stringify({ pid: 1, started: 'before the last boot' }), '{}']) {
      for (let round = 0; round < 20; round += 1) {
        const lock = path.join(folder.path, `wanted-${round}-${String(before).length}`);
        if (before !== undefined) {
          await fs.mkdir(lock);
          await fs.writeFile(path.join(lock, '7'), before);
        }
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(lock)));
        assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
      }
    }
  });

  it('keeps no litter', async () => {
    const lock = path.join(folder.path, 'tidy');
    for (let round = 0; round < 3; round += 1) await (await takeLock(lock)).release();
    assert.deepEqual(await fs.readdir(lock), ['3']);
  });
});
