import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { GroupMarks } from '../../../src/devmesos/agent/groupMarks.ts';
import { findUser } from '../../../src/devmesos/agent/userDatabase.ts';
import { findProgram } from '../../../src/devmesos/agent/userSwitch.ts';

describe('dev agent: users', () => {
  it('are found with all their groups, as `id` knows them', async function () {
    if (process.platform === 'win32') this.skip();
    const { username, uid, gid } = os.userInfo();
    const found = await findUser(username);
    assert.deepEqual([found?.uid, found?.gid], [uid, gid]);
    const groups = execFileSync('id', ['-G', username], { encoding: 'utf8' });
    assert.deepEqual(found?.groups.toSorted(), groups.trim().split(' ').map(Number).sort());
  });

  for (const name of ['no-such-user', '0', '', '-u', 'root:x', 'a b', '../root']) {
    it(`are none where the name is "${name}"`, async () => {
      assert.equal(await findUser(name), undefined);
    });
  }

  it('have marks that differ, within what groups there are', function () {
    if (process.platform !== 'linux') this.skip();
    const marks = new GroupMarks(11);
    const taken = Array.from({ length: 5 }, () => marks.take());
    assert.deepEqual(
      taken.toSorted((a, b) => a - b),
      [5, 6, 7, 8, 9, 10].filter((mark) => taken.includes(mark)),
    );
    assert.equal(new Set(taken).size, 5);
    marks.free(taken[0]!);
    assert.ok(marks.take() >= 5);
    assert.ok(new GroupMarks().take() > 2 ** 14);
  });

  it('get programs found where a shell would find them', () => {
    assert.match(findProgram('sh', '/no/such:/bin:/usr/bin') ?? '', /\/sh$/);
    assert.equal(findProgram('sh', '/no/such'), undefined);
    assert.equal(findProgram('/bin/sh', ''), '/bin/sh');
  });
});
