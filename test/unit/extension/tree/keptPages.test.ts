import assert from 'node:assert/strict';
import { runsTopic, type Topic } from '../../../../src/api/topics.ts';
import { KeptPages } from '../../../../src/extension/tree/keptPages.ts';
import { clusterState, clusterView } from '../../../vscode/support/views.ts';
import { dag, summary } from './taskRuns/runs.ts';

describe('what a view showed last', () => {
  const topics = new Set<Topic>(['cluster', 'dags', runsTopic('a')]);
  const runs = new Map([['a', { runs: [summary('a', 'success')], more: false }]]);
  const whole = clusterState({ dags: [dag('a', 'success')], runs });
  const bare = clusterState({ dags: undefined });

  it('stands in for what is still to come, of what is wanted', () => {
    const kept = new KeptPages();
    kept.fill(whole, topics);
    const filled = kept.fill(bare, topics);
    assert.equal(filled?.dags, whole.dags);
    assert.equal(filled?.runs.get('a'), runs.get('a'));
    assert.equal(kept.fill(bare, new Set<Topic>(['cluster', 'dags']))?.runs.size, 0);
  });

  it('gives way to what came', () => {
    const kept = new KeptPages();
    kept.fill(whole, topics);
    assert.deepEqual(kept.fill(clusterState({ dags: [] }), topics)?.dags, []);
  });

  it('is nothing of another cluster, nor of a page that is gone', () => {
    const kept = new KeptPages();
    kept.fill(whole, topics);
    const gone = new Map([[runsTopic('a'), { problem: { error: 'There is no DAG a' }, gone: true }]]);
    assert.equal(kept.fill({ ...bare, problems: gone }, topics)?.runs.size, 0);
    const other = clusterState({ dags: undefined, cluster: clusterView({ name: 'other' }) });
    assert.equal(kept.fill(other, topics)?.dags, undefined);
  });
});
