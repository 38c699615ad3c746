import assert from 'node:assert/strict';
import path from 'node:path';
import { clusterFolder, userFolders } from '../../../src/host/folders.ts';

describe('the user folders', () => {
  it('stand below MESOS_AIRFLOW_HOME where it is set', () => {
    const folders = userFolders({ MESOS_AIRFLOW_HOME: '/somewhere' });
    assert.deepEqual(folders, {
      state: '/somewhere/state',
      cache: '/somewhere/cache',
      runtime: '/somewhere/run',
    });
  });

  it('take the cache from MESOS_AIRFLOW_CACHE, which can be shared between homes', () => {
    const folders = userFolders({ MESOS_AIRFLOW_HOME: '/somewhere', MESOS_AIRFLOW_CACHE: '/shared' });
    assert.equal(folders.cache, '/shared');
    assert.equal(folders.state, '/somewhere/state');
  });

  it('keep each cluster in a folder of its own', () => {
    const folders = userFolders({ MESOS_AIRFLOW_HOME: '/somewhere' });
    assert.equal(clusterFolder(folders, 'a').spec, path.join('/somewhere/state/clusters/a/cluster.json'));
    assert.notEqual(clusterFolder(folders, 'a').store, clusterFolder(folders, 'b').store);
  });

  it('follow the XDG custom on Linux', function () {
    if (process.platform !== 'linux') this.skip();
    const folders = userFolders({ XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c', XDG_RUNTIME_DIR: '/r' });
    assert.deepEqual(folders, {
      state: '/s/mesos-airflow',
      cache: '/c/mesos-airflow',
      runtime: '/r/mesos-airflow',
    });
  });
});
