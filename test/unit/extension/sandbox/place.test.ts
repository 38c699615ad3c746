import assert from 'node:assert/strict';
import { folderOf, nameOf, placeOf, uriPathOf, type Place } from '../../../../src/extension/sandbox/place.ts';

const sandbox: Place = { cluster: 'demo', task: '3f2a.1', title: 'load · try 1', path: '' };

describe('an address in a sandbox', () => {
  it('says all that is needed, and is read again', () => {
    for (const path of ['', 'stdout', 'logs/dag_id=a/x y.log', 'größe.csv']) {
      assert.deepEqual(placeOf(uriPathOf({ ...sandbox, path })), { ...sandbox, path });
    }
    assert.equal(uriPathOf({ ...sandbox, title: 'a/b', path: 'x' }), '/demo/3f2a.1/a∕b/x');
    assert.deepEqual(placeOf('/demo/3f2a.1/load · try 1/'), sandbox);
  });

  it('is refused where it leads out of the sandbox, or names none', () => {
    const root = uriPathOf(sandbox);
    for (const path of ['/../x', '/logs/../../x', '/a//b', '/.', '/a\\b', '/a\0b']) {
      assert.equal(placeOf(root + path), undefined, path);
    }
    for (const path of ['', '/', '/demo', '/demo/3f2a.1', 'demo/3f2a.1/t/x']) {
      assert.equal(placeOf(path), undefined, path);
    }
  });

  it('has a name in a folder', () => {
    assert.deepEqual([folderOf('a/b/c'), nameOf('a/b/c')], ['a/b', 'c']);
    assert.deepEqual([folderOf('c'), nameOf('c')], ['', 'c']);
  });
});
