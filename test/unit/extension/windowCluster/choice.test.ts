import assert from 'node:assert/strict';
import { ClusterChoice } from '../../../../src/extension/windowCluster/choice.ts';
import { clusterItems, isUp } from '../../../../src/extension/windowCluster/items.ts';

const folder = { scheme: 'file', authority: '', path: '/home/me/weather' };

function choiceWith(setting = '', remembered?: string): { choice: ClusterChoice; told: () => number } {
  const kept = new Map<string, unknown>(remembered === undefined ? [] : [['cluster', remembered]]);
  const choice = new ClusterChoice({
    workspace: () => ({ file: undefined, folders: [folder] }),
    setting: () => setting,
    memory: {
      get: (key) => kept.get(key),
      update: (key, value) => {
        kept.set(key, value);
        return Promise.resolve();
      },
    },
  });
  let told = 0;
  choice.onDidChoose(() => (told += 1));
  return { choice, told: () => told };
}

describe('which cluster a window is about', () => {
  it('is the workspace’s own, until a person chooses another', async () => {
    const { choice, told } = choiceWith();
    assert.deepEqual(choice.now, { name: choice.own, by: 'workspace' });
    await choice.choose('default');
    assert.deepEqual(choice.now, { name: 'default', by: 'person' });
    assert.equal(told(), 1);
    await choice.choose(choice.own);
    assert.deepEqual(choice.now, { name: choice.own, by: 'workspace' });
  });

  it('is what the setting says, whatever was chosen', () => {
    assert.deepEqual(choiceWith('shared', 'default').choice.now, { name: 'shared', by: 'setting' });
  });
});

describe('the clusters to choose from', () => {
  const cluster = { engine: 'embedded', dags_folder: '/home/me/dags' };

  it('begin with the workspace’s own, though it is not there yet; those that run come next', () => {
    const items = clusterItems({
      own: 'weather-1a2b',
      present: 'weather-1a2b',
      clusters: [
        { ...cluster, name: 'asleep', state: 'stopped' },
        { ...cluster, name: 'box', state: 'ready', engine: 'docker' },
      ],
    });
    assert.deepEqual(items, [
      {
        name: 'weather-1a2b',
        label: '$(vm-outline) weather-1a2b',
        description: 'of this workspace · shown now · not started yet',
        detail: '',
      },
      {
        name: 'box',
        label: '$(vm-running) box',
        description: 'docker · ready',
        detail: '/home/me/dags',
      },
      {
        name: 'asleep',
        label: '$(vm-outline) asleep',
        description: 'embedded · stopped',
        detail: '/home/me/dags',
      },
    ]);
  });

  it('have the present one, though it is gone', () => {
    const names = clusterItems({ own: 'a', present: 'gone', clusters: [] }).map(({ name }) => name);
    assert.deepEqual(names, ['a', 'gone']);
  });

  it('count as up by what the list says', () => {
    assert.deepEqual(['ready', 'degraded', 'starting', 'stopped', 'dead'].map(isUp), [
      ...[true, true, true, false, false],
    ]);
  });
});
