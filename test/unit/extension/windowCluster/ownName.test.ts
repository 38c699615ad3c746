import assert from 'node:assert/strict';
import { ownClusterName, type Place } from '../../../../src/extension/windowCluster/ownName.ts';

const clusterName = /^[a-z0-9][a-z0-9-]{0,30}$/;
const place = (path: string, over: Partial<Place> = {}): Place => ({
  ...{ scheme: 'file', authority: '', path, ...over },
});
const ofFolders = (...paths: readonly string[]): string =>
  ownClusterName({ file: undefined, folders: paths.map((path) => place(path)) });

describe('the name of a workspace’s own cluster', () => {
  it('is the folder’s, as far as a cluster can have it', () => {
    const names: [string, RegExp][] = [
      ['/home/me/weather', /^weather-[0-9a-f]{4}$/],
      ['/home/me/weather/', /^weather-[0-9a-f]{4}$/],
      ['/home/me/My DAG  Files', /^my-dag-files-[0-9a-f]{4}$/],
      ['/home/me/Größe_Zürich', /^grosse-zurich-[0-9a-f]{4}$/],
      ['/home/me/天気', /^workspace-[0-9a-f]{4}$/],
      ['/home/me/--dash', /^dash-[0-9a-f]{4}$/],
      ['/home/me/.hidden', /^hidden-[0-9a-f]{4}$/],
      ['/', /^workspace-[0-9a-f]{4}$/],
      [`/home/me/${'very-'.repeat(12)}long`, /^very-very-very-very-very-v-[0-9a-f]{4}$/],
      [`/home/me/${'a'.repeat(25)} b`, /^a{25}-[0-9a-f]{4}$/],
    ];
    for (const [folder, expected] of names) {
      assert.match(ofFolders(folder), expected, folder);
      assert.match(ofFolders(folder), clusterName, folder);
    }
  });

  it('differs for folders of the same name, and stays with a folder', () => {
    assert.notEqual(ofFolders('/home/me/one/dags'), ofFolders('/home/me/two/dags'));
    assert.equal(ofFolders('/home/me/one/dags'), ofFolders('/home/me/one/dags/'));
    assert.notEqual(ofFolders('/home/me/a b'), ofFolders('/home/me/a_b'));
  });

  it('is the same however a folder was reached', () => {
    const reached = (over: Partial<Place>): string =>
      ownClusterName({ file: undefined, folders: [place('/home/me/weather', over)] });
    const ssh = { scheme: 'vscode-remote', authority: 'ssh-remote+host' };
    assert.equal(reached(ssh), reached({ scheme: 'vscode-remote', authority: 'localhost:41234' }));
    assert.equal(reached(ssh), ofFolders('/home/me/weather'));
    assert.notEqual(reached({ scheme: 'vscode-vfs', authority: 'github' }), ofFolders('/home/me/weather'));
    assert.equal(ofFolders('/C:/work/dags'), ofFolders('/c:/work/dags'));
    assert.notEqual(reached({ authority: 'server' }), reached({}));
  });

  it('is of the file of a multi-root workspace, without one of its first folder', () => {
    const folders = [place('/home/me/weather'), place('/home/me/sales')];
    const file = place('/home/me/All of it.code-workspace');
    assert.match(ownClusterName({ file, folders }), /^all-of-it-[0-9a-f]{4}$/);
    assert.equal(ownClusterName({ file: undefined, folders }), ofFolders('/home/me/weather'));
  });

  it('is `default` in an empty window', () => {
    assert.equal(ofFolders(), 'default');
  });
});
