import assert from 'node:assert/strict';
import type { KnownCluster } from '../../../../src/client/discover.ts';
import { Emitter } from '../../../../src/extension/emitter.ts';
import type { Connection } from '../../../../src/extension/cluster/connection.ts';
import { Absence, whatElse } from '../../../../src/extension/windowCluster/absence.ts';
import { clusterFolderAt } from '../../../../src/host/folders.ts';
import { until } from '../../../support/until.ts';
import { clusterSpec } from '../../../vscode/support/views.ts';

function known(name: string, over: Partial<KnownCluster> = {}): KnownCluster {
  const folder = clusterFolderAt(`/clusters/${name}`);
  return {
    ...{ name, folder, spec: clusterSpec(name), runtime: null, container: null, state: 'stopped' },
    ...over,
  };
}

describe('what else there is where the window’s cluster does not run', () => {
  it('is whether it was there, why it ended, and which others run', () => {
    const itself = { at: 1, idle_s: 3600 };
    const clusters = [
      known('own', { stoppedItself: itself }),
      known('box', { state: 'running' }),
      known('asleep'),
    ];
    assert.deepEqual(whatElse('own', clusters), { stopped: true, itself, others: ['box'] });
    assert.deepEqual(whatElse('new', clusters), { stopped: false, others: ['box'] });
    // A start that did not get far leaves a folder without a spec.
    assert.equal(whatElse('x', [known('x', { spec: null, state: 'broken' })]).stopped, false);
  });

  it('is looked for when the cluster goes, and forgotten when it comes', async () => {
    const changed = new Emitter<void>();
    let connection: Connection = { phase: 'unknown' };
    let looked = 0;
    const model = {
      name: 'own',
      get picture() {
        return { connection, starting: undefined, state: undefined, incidents: new Map() };
      },
      onDidChange: changed.event,
    };
    const absence = new Absence(model, () => {
      looked += 1;
      return Promise.resolve([known('box', { state: 'running' })]);
    });
    const turnTo = (phase: 'absent' | 'live'): void => {
      connection = { phase };
      changed.fire();
    };
    turnTo('absent');
    await until(() => absence.now.others.length === 1, { what: 'the others' });
    changed.fire();
    assert.equal(looked, 1);
    turnTo('live');
    assert.deepEqual(absence.now.others, []);
    absence.dispose();
  });
});
