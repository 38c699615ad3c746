import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../../../../src/cli/errors.ts';
import { AlreadyThere, putInPlace } from '../../../../src/cli/sandbox/place.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe('what is copied from a sandbox', () => {
  let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
  let place: string;
  beforeEach(async () => {
    scratch = await temporaryFolder('place');
    place = path.join(scratch.path, 'made', 'here');
  });
  afterEach(() => scratch.remove());

  const file = (text: string) => (temporary: string) => fs.writeFile(temporary, text);
  const folder = (files: Readonly<Record<string, string>>) => async (temporary: string) => {
    for (const [name, text] of Object.entries(files)) {
      await fs.mkdir(path.dirname(path.join(temporary, name)), { recursive: true });
      await fs.writeFile(path.join(temporary, name), text);
    }
  };

  it('appears under its name once it is whole', async () => {
    await putInPlace(place, false, async (temporary) => {
      await file('all of it')(temporary);
      assert.deepEqual(await fs.readdir(path.dirname(place)), [path.basename(temporary)]);
    });
    assert.equal(await fs.readFile(place, 'utf8'), 'all of it');
    assert.deepEqual(await fs.readdir(path.dirname(place)), ['here']);
  });

  it('leaves nothing where it fails', async () => {
    const fails = putInPlace(place, false, async (temporary) => {
      await folder({ 'a/b': 'half' })(temporary);
      throw new Error('interrupted');
    });
    await assert.rejects(fails, /interrupted/);
    assert.deepEqual(await fs.readdir(path.dirname(place)), []);
  });

  it('replaces nothing unless it is told to', async () => {
    await putInPlace(place, false, file('first'));
    await assert.rejects(putInPlace(place, false, file('second')), AlreadyThere);
    assert.equal(await fs.readFile(place, 'utf8'), 'first');
    // Nor what somebody made meanwhile.
    const other = `${place}-2`;
    const late = putInPlace(other, false, async (temporary) => {
      await fs.writeFile(other, 'theirs');
      await file('ours')(temporary);
    });
    await assert.rejects(late, AlreadyThere);
    assert.equal(await fs.readFile(other, 'utf8'), 'theirs');
    await putInPlace(place, true, file('third'));
    assert.equal(await fs.readFile(place, 'utf8'), 'third');
  });

  it('replaces files of a folder, and leaves what else is in it', async () => {
    await putInPlace(place, false, folder({ 'logs/a': '1', 'mine/b': '2' }));
    await putInPlace(place, true, folder({ 'logs/a': '3', 'logs/c': '4' }));
    assert.deepEqual(
      await Promise.all(
        ['logs/a', 'logs/c', 'mine/b'].map((name) => fs.readFile(path.join(place, name), 'utf8')),
      ),
      ['3', '4', '2'],
    );
  });

  it('is never written through a link that stands in its place', async () => {
    const elsewhere = path.join(scratch.path, 'elsewhere');
    await fs.mkdir(elsewhere);
    await fs.mkdir(place, { recursive: true });
    await fs.symlink(elsewhere, path.join(place, 'logs'));
    await assert.rejects(putInPlace(place, true, folder({ 'logs/a': 'x' })), CommandError);
    assert.deepEqual(await fs.readdir(elsewhere), []);
    // A file takes the place of the link, not of what it leads to.
    const target = path.join(elsewhere, 'kept');
    await fs.writeFile(target, 'kept');
    await fs.symlink(target, path.join(place, 'stdout'));
    await putInPlace(path.join(place, 'stdout'), true, file('new'));
    assert.equal(await fs.readFile(target, 'utf8'), 'kept');
    assert.equal(await fs.readFile(path.join(place, 'stdout'), 'utf8'), 'new');
  });
});
