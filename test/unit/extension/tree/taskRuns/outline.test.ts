import assert from 'node:assert/strict';
import type { ClusterPicture } from '../../../../../src/extension/cluster/picture.ts';
import { taskRunsOutline } from '../../../../../src/extension/tree/taskRuns/view.ts';
import { atNoon, clusterView } from '../../../../vscode/support/views.ts';
import { picture, text } from '../outlines.ts';

describe('the view Task Runs', () => {
  it('is empty where there is no cluster, so that the welcome shows', () => {
    const nothing: ClusterPicture = {
      connection: { phase: 'absent' },
      starting: undefined,
      state: undefined,
    };
    assert.deepEqual(taskRunsOutline(nothing, atNoon).roots, []);
  });

  it('shows trouble first, as a row with a remedy, and keeps what was known', () => {
    const lost = taskRunsOutline(
      picture({}, { connection: { phase: 'lost', why: 'the connection broke' } }),
      atNoon,
    );
    assert.equal(text(lost)[0], 'The cluster does not answer | the connection broke · trying again');
    assert.equal(lost.rows.get('trouble')?.click?.command, 'mesosAirflow.showServiceLog');
    const inDocker = taskRunsOutline(
      picture({}, { connection: { phase: 'lost', why: 'Docker does not answer', startable: true } }),
      atNoon,
    );
    assert.equal(
      text(inDocker)[0],
      'The cluster does not answer | Docker does not answer · trying again, click to start it',
    );
    assert.equal(inDocker.rows.get('trouble')?.click?.command, 'mesosAirflow.start');
    assert.ok(lost.rows.has('taskRuns'));
    const degraded = taskRunsOutline(
      picture({ cluster: clusterView({ state: 'degraded', problem: 'the scheduler died three times' }) }),
      atNoon,
    );
    assert.equal(text(degraded)[0], 'The cluster is degraded | the scheduler died three times');
  });

  it('shows the phase of a start before there is a service', () => {
    const outline = taskRunsOutline(
      {
        connection: { phase: 'absent' },
        starting: { phase: 'Python environment', detail: '40 of 132 packages' },
        state: undefined,
      },
      atNoon,
    );
    assert.deepEqual(text(outline), ['Python environment | 40 of 132 packages']);
  });
});
