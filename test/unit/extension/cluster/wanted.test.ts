import assert from 'node:assert/strict';
import { mostPageTopics, runsTopic } from '../../../../src/api/topics.ts';
import { withinLimits } from '../../../../src/extension/cluster/wanted.ts';

describe('what the views want together', () => {
  it('is asked for once, of a DAG’s runs only the longest page', () => {
    const wanted = [
      'cluster',
      'dags',
      runsTopic('a'),
      'cluster',
      runsTopic('a', 50),
      runsTopic('b'),
    ] as const;
    assert.deepEqual(withinLimits(wanted), {
      topics: ['cluster', 'dags', runsTopic('a', 50), runsTopic('b')],
      tooMany: [],
    });
  });

  it('has as many pages as a subscription may have, those that were wanted first', () => {
    const pages = Array.from({ length: mostPageTopics + 1 }, (_, index) => runsTopic(`dag${index}`));
    const { topics, tooMany } = withinLimits([...pages, 'agents']);
    assert.equal(topics.length, mostPageTopics + 1);
    assert.ok(topics.includes('agents'));
    assert.deepEqual(tooMany, [runsTopic(`dag${mostPageTopics}`)]);
  });
});
