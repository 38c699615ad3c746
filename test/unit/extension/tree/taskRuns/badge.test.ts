import assert from 'node:assert/strict';
import type { ClusterState } from '../../../../../src/extension/cluster/state.ts';
import { FailureBadge } from '../../../../../src/extension/tree/taskRuns/badge.ts';
import { clusterState, clusterView } from '../../../../vscode/support/views.ts';

function failed(count: number, name = 'default', finished = 1): ClusterState {
  const counts = { waiting: 0, launched: 0, running: 0, failed: count, finished };
  return clusterState({ cluster: clusterView({ name, counts }) });
}

describe('the badge of failed task runs', () => {
  it('counts those since the view was looked at', () => {
    const badge = new FailureBadge(undefined);
    badge.know(failed(3), false);
    assert.equal(badge.badge(failed(3)).count, 0);
    assert.equal(badge.know(failed(5), false), true);
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

  it('goes on where the service was started again, which forgets of some that failed', () => {
    const before = new FailureBadge(undefined);
    before.know(failed(5), true);
    before.know(failed(7), false);
    const badge = new FailureBadge(JSON.parse(JSON.stringify(before.looked)));
    badge.know(failed(1), false);
    assert.equal(badge.badge(failed(1)).count, 2);
    badge.know(failed(2), false);
    assert.equal(badge.badge(failed(2)).count, 3);
    badge.know(failed(2), true);
    assert.equal(badge.badge(failed(2)).count, 0);
  });

  it('begins anew for another cluster, and for a new one of the same name', () => {
    const badge = new FailureBadge(undefined);
    badge.know(failed(3), true);
    badge.know(failed(9, 'other'), false);
    assert.equal(badge.badge(failed(9, 'other')).count, 0);
    badge.know(failed(12, 'other'), false);
    badge.know(failed(0, 'other', 0), false);
    assert.equal(badge.badge(failed(0, 'other', 0)).count, 0);
    assert.equal(badge.badge(failed(1, 'other')).count, 1);
    assert.equal(badge.badge(undefined).count, 0);
  });
});
