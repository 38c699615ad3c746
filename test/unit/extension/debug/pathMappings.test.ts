import assert from 'node:assert/strict';
import { pathMappings } from '../../../../src/extension/debug/pathMappings.ts';

describe('the files of a debug copy', () => {
  const embedded = { local: '/home/ä/dags', real: '/home/ä/dags', airflow: '/home/ä/dags', here: true };

  it('need no mapping where tasks see them as the editor does', () => {
    assert.deepEqual(pathMappings(embedded, ['/home/ä']), []);
    assert.deepEqual(pathMappings(embedded, []), []);
  });

  it('are mapped to where they are mounted', () => {
    const docker = { ...embedded, airflow: '/opt/mesos-airflow/dags', here: false };
    assert.deepEqual(pathMappings(docker, ['/home/ä']), [
      { localRoot: '/home/ä/dags', remoteRoot: '/opt/mesos-airflow/dags' },
    ]);
  });

  it('are mapped to the name by which the workspace has them open', () => {
    const linked = { ...embedded, real: '/data/dags' };
    assert.deepEqual(pathMappings(linked, ['/data']), [
      { localRoot: '/data/dags', remoteRoot: '/home/ä/dags' },
    ]);
    assert.deepEqual(pathMappings(linked, ['/home/ä', '/data']), []);
  });
});
