import assert from 'node:assert/strict';
import type { ClusterState } from '../../../../../src/extension/cluster/state.ts';
import { FailureBadge } from '../../../../../src/extension/tree/taskRuns/badge.ts';
import { clusterState, clusterView } from '../../../../vscode/support/views.ts';

function failed(count: number, name = 'default'): ClusterState {
  const counts = { waiting: 0, launched: 0, running: 0, failed: count, finished: 0 };
  return clusterState({ cluster: clusterView({ name, counts }) });
}

describe('the badge of failed task runs', () => {
  it('counts those since the view was looked at', () => {
    const badge = new FailureBadge(undefined);
    badge.know(failed(3), false);
    assert.equal(badge.badge(failed(3)).count, 0);
    assert.equal(badge.know(failed(5), false), false);
    assert.deepEqual(badge.badge(failed(5)), {
      count: 2,
      tooltip: '2 task runs have failed since you last looked',
    });
    assert.equal(badge.know(failed(5), true), true);
    assert.equal(badge.badge(failed(5)).count, 0);
  });

  it('goes on where another window session ended', () => {
    const before = new FailureBadge(undefined);
    before.know(failed(3), true);
    const after = new FailureBadge(before.looked);
    after.know(failed(4), false);
    assert.equal(after.badge(failed(4)).count, 1);
  });

  it('begins anew for another cluster, and where old ones were deleted', () => {
    const badge = new FailureBadge(undefined);
    badge.know(failed(3), true);
    badge.know(failed(9, 'other'), false);
    assert.equal(badge.badge(failed(9, 'other')).count, 0);
    badge.know(failed(2, 'other'), false);
    assert.equal(badge.badge(failed(4, 'other')).count, 2);
    assert.equal(badge.badge(undefined).count, 0);
  });
});
