import assert from 'node:assert/strict';
import type { ImportError } from '../../../../src/api/people.ts';
import {
  belowOf,
  belowOfAirflow,
  dagFolderOf,
  type DagFolder,
} from '../../../../src/extension/dagFiles/folder.ts';
import { problemsOf } from '../../../../src/extension/dagFiles/problems.ts';
import { clusterView } from '../../../vscode/support/views.ts';

function folder(over: Parameters<typeof clusterView>[0] = {}, real = '/work/dags'): DagFolder {
  const found = dagFolderOf(clusterView(over), () => real);
  assert.ok(found);
  return found;
}

const inDocker = folder({ engine: 'docker', dags_mount: '/opt/mesos-airflow/dags' });

function importError(over: Partial<ImportError> = {}): ImportError {
  return { file: 'broken.py', line: 3, message: 'NameError: x', trace: '', ...over };
}

describe('a cluster’s DAG folder', () => {
  it('is known on this machine by its name and without links', () => {
    const linked = folder({}, '/disk/dags');
    assert.equal(belowOf(linked, '/work/dags/a/b.py'), 'a/b.py');
    assert.equal(belowOf(linked, '/disk/dags/a/b.py'), 'a/b.py');
    assert.equal(belowOfAirflow(linked, '/disk/dags/b.py'), 'b.py');
    for (const other of ['/work/dags', '/work/dags2/b.py', '/work/b.py', '/b.py']) {
      assert.equal(belowOf(linked, other), undefined, other);
    }
    assert.equal(belowOf(linked, '/work/dags/..b.py'), '..b.py');
  });

  it('is known in Docker by where it is mounted', () => {
    assert.equal(belowOfAirflow(inDocker, '/opt/mesos-airflow/dags/a/b.py'), 'a/b.py');
    assert.equal(belowOfAirflow(inDocker, '/opt/mesos-airflow/venv/x.py'), undefined);
    assert.equal(belowOfAirflow(inDocker, 'a/b.py'), 'a/b.py');
    assert.equal(belowOfAirflow(inDocker, '../b.py'), undefined);
  });

  it('is unknown where a cluster has none', () => {
    assert.equal(dagFolderOf(clusterView({ dags_folder: null }), String), undefined);
    assert.equal(dagFolderOf(undefined, String), undefined);
  });
});

describe('problems of DAG files', () => {
  it('stand at the line that the service names, counted from 0', () => {
    for (const file of ['broken.py', '/work/dags/broken.py']) {
      assert.deepEqual(problemsOf([importError({ file })], folder()), [
        { file: '/work/dags/broken.py', line: 2, message: 'NameError: x' },
      ]);
    }
  });

  it('stand on this machine where Airflow names a file in a container', () => {
    const error = importError({ file: '/opt/mesos-airflow/dags/a/broken.py' });
    assert.equal(problemsOf([error], inDocker)[0]?.file, '/work/dags/a/broken.py');
  });

  it('name the module of the DAG folder in which they arose', () => {
    const trace = [
      'Traceback (most recent call last):',
      '  File "<frozen importlib._bootstrap>", line 241, in _call',
      '  File "/work/dags/broken.py", line 3, in <module>',
      '    import helper',
      '  File "/work/dags/lib/helper.py", line 12, in <module>',
      '    json.loads("")',
      '  File "/usr/lib/python3.12/json/decoder.py", line 355, in decode',
      'NameError: x',
    ].join('\n');
    const cause = { file: '/work/dags/lib/helper.py', line: 11 };
    assert.deepEqual(problemsOf([importError({ trace })], folder())[0]?.cause, cause);
    assert.deepEqual(problemsOf([importError({ trace, line: null })], folder()), [
      { ...cause, message: 'NameError: x' },
    ]);
  });

  it('stand at the first line where nothing tells the line', () => {
    const error = importError({ line: null, trace: 'Timeout', message: '' });
    assert.deepEqual(problemsOf([error], folder()), [
      { file: '/work/dags/broken.py', line: 0, message: 'Airflow could not load this file.' },
    ]);
  });

  it('are left out where the file is not in the DAG folder', () => {
    assert.deepEqual(problemsOf([importError({ file: '/elsewhere/x.py' })], folder()), []);
  });
});
