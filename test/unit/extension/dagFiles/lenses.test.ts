import assert from 'node:assert/strict';
import type { DagView } from '../../../../src/api/people.ts';
import { dagFolderOf } from '../../../../src/extension/dagFiles/folder.ts';
import { lensesOf } from '../../../../src/extension/dagFiles/lenses.ts';
import { atNoon, clusterView } from '../../../vscode/support/views.ts';

function dag(dag_id: string, over: Partial<DagView> = {}): DagView {
  return {
    ...{ dag_id, fileloc: '/opt/dags/weather.py', paused: false, schedule: null },
    ...{ has_import_errors: false, last_run: null, ...over },
  };
}

describe('what stands above a DAG', () => {
  const folder = dagFolderOf(clusterView({ engine: 'docker', dags_mount: '/opt/dags' }), String);
  assert.ok(folder);
  const titles = (text: string, ...dags: DagView[]): string[] =>
    lensesOf(text, 'weather.py', dags, folder, atNoon).map(({ line, title }) => `${line} ${title}`);

  it('runs it, and tells of its last run', () => {
    const last_run = { run_id: 'r', state: 'success', started: atNoon - 5000, ended: atNoon };
    assert.deepEqual(titles('\nDAG("a")', dag('a', { last_run })), [
      '1 ▷ Run on Mesos',
      '1 last run: success, 12:00',
    ]);
  });

  it('tells since when a run goes on, of another day by its date, and of none nothing', () => {
    const of = (state: string, started: number | null): string | undefined =>
      titles('DAG("a")', dag('a', { last_run: { run_id: 'r', state, started, ended: null } }))[1];
    assert.equal(of('running', atNoon - 600_000), '0 last run: running, 11:50');
    assert.equal(of('running', atNoon - 24 * 3_600_000), '0 last run: running, 11-22 12:00');
    assert.equal(of('queued', null), '0 last run: waiting');
    assert.deepEqual(titles('DAG("a")', dag('a')), ['0 ▷ Run on Mesos']);
  });

  it('says which of several on one line', () => {
    const text = 'for x in y:\n    DAG(f"a{x}")';
    assert.deepEqual(titles(text, dag('a1'), dag('a2')), ['1 a1: ▷ Run on Mesos', '1 a2: ▷ Run on Mesos']);
  });

  it('debugs it where the cluster’s Python is on this machine', () => {
    const here = dagFolderOf(clusterView({ dags_folder: '/opt/dags' }), String);
    assert.ok(here);
    const lenses = lensesOf('DAG("a")', 'weather.py', [dag('a')], here, atNoon);
    assert.deepEqual(
      lenses.map(({ title, debug }) => [title, debug]),
      [
        ['▷ Run on Mesos', undefined],
        ['Debug DAG', true],
      ],
    );
  });

  it('is of this file alone', () => {
    assert.deepEqual(titles('DAG("a")', dag('a', { fileloc: '/opt/dags/other.py' })), []);
  });
});
