import assert from 'node:assert/strict';
import { CommandError } from '../../../../src/cli/errors.ts';
import { parentOf, pathInside } from '../../../../src/cli/sandbox/pathInside.ts';

describe('a path in a sandbox, as a person names it', () => {
  it('is relative, and the sandbox itself where it names nothing', () => {
    assert.equal(pathInside(''), '');
    assert.equal(pathInside('.'), '');
    assert.equal(pathInside('./logs//a.log'), 'logs/a.log');
    assert.equal(pathInside('logs/'), 'logs');
    assert.equal(pathInside('a..b/...'), 'a..b/...');
  });

  it('is refused where it leads out, and says why', () => {
    for (const [path, why] of [
      ['../stdout', /leads out/],
      ['logs/../../stdout', /leads out/],
      ['/etc/passwd', /absolute/],
      ['logs\\a', /backslash/],
      ['a\0b', /NUL/],
    ] as const) {
      assert.throws(
        () => pathInside(path),
        (error) => error instanceof CommandError && error.exitCode === 2 && why.test(error.why ?? ''),
        path,
      );
    }
  });

  it('has a folder and a name there', () => {
    assert.deepEqual(parentOf('logs/deep/a.log'), { folder: 'logs/deep', name: 'a.log' });
    assert.deepEqual(parentOf('stdout'), { folder: '', name: 'stdout' });
  });
});
