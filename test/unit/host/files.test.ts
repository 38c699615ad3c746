import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { readIfThere, secretIn, writePrivateFile } from '../../../src/host/files.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('private files', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder('files')));
  after(() => folder.remove());

  it('are readable by their owner alone, and replaced whole', async () => {
    const file = path.join(folder.path, 'deep', 'secret.json');
    await writePrivateFile(file, 'eins');
    await writePrivateFile(file, 'zwei – größer');
    assert.equal(await fs.readFile(file, 'utf8'), 'zwei – größer');
    assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(await fs.readdir(path.dirname(file)), ['secret.json']);
  });

  it('leave the old content and no litter where the new cannot be written', async () => {
    const file = path.join(folder.path, 'kept');
    await fs.mkdir(file);
    await assert.rejects(writePrivateFile(file, 'x'));
    assert.deepEqual(
      (await fs.readdir(folder.path)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('hold a secret that stays the same once made', async () => {
    const file = path.join(folder.path, 'token');
    const first = await secretIn(file);
    assert.ok(first.length >= 43, 'holds 32 random bytes');
    assert.equal(await secretIn(file), first);
  });

  it('hold one secret, whoever of several makes it first', async () => {
    const file = path.join(folder.path, 'shared');
    const secrets = await Promise.all(Array.from({ length: 10 }, () => secretIn(file)));
    assert.equal(new Set(secrets).size, 1);
    assert.equal((await fs.readFile(file, 'utf8')).trim(), secrets[0]);
    assert.ok(!(await fs.readdir(folder.path)).some((name) => name.endsWith('.new')));
  });

  it('tell a missing file from an unreadable one', async () => {
    assert.equal(await readIfThere(path.join(folder.path, 'nothing')), undefined);
    await assert.rejects(readIfThere(folder.path), { code: 'EISDIR' });
  });
});
