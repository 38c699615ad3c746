import assert from 'node:assert/strict';
import { folderWithDags, workspaceOfDags } from '../../../../src/extension/start/dagsFolder.ts';

const there = new Set(['/w/one/dags', '/w/two/dags']);
const isFolder = (folder: string): boolean => there.has(folder);
const folder = (name: string, setting = ''): { root: string; setting: string } => ({
  root: `/w/${name}`,
  setting,
});

describe('the folder that holds the DAGs, of several', () => {
  const told = (
    folders: Parameters<typeof folderWithDags>[0],
    { before, active }: { before?: string; active?: number } = {},
  ): number | undefined => folderWithDags(folders, { before, active, isFolder });

  it('is the one whose DAGs the cluster ran, else the only one that has some', () => {
    const folders = [folder('one'), folder('page'), folder('two')];
    assert.equal(told(folders, { before: '/w/two/dags', active: 0 }), 2);
    assert.equal(told([folder('page'), folder('one')]), 1);
    assert.equal(told([folder('page'), folder('flows', 'airflow/dags')]), 1);
  });

  it('is, of several that have some, the one that the person works in', () => {
    const folders = [folder('one'), folder('page'), folder('two')];
    assert.equal(told(folders, { active: 2 }), 2);
    // A page's style sheet says nothing about DAGs.
    assert.equal(told(folders, { active: 1 }), undefined);
    assert.equal(told([folder('page'), folder('shop')], { active: 1 }), 1);
  });

  it('only a person can tell otherwise', () => {
    assert.equal(told([folder('one'), folder('two')]), undefined);
    assert.equal(told([folder('page'), folder('shop')]), undefined);
  });

  it('is the only one there is', () => {
    assert.equal(told([folder('page')]), 0);
    assert.equal(told([]), undefined);
  });
});

describe('the workspace of a DAG folder', () => {
  it('is above one that is called dags', () => {
    assert.equal(workspaceOfDags('/w/one/dags'), '/w/one');
    assert.equal(workspaceOfDags('/w/flows'), '/w/flows');
  });
});
