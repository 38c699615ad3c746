import assert from 'node:assert/strict';
import { labels } from '../../../../src/engines/docker/labels.ts';
import { unneededImages } from '../../../../src/engines/docker/leftovers.ts';

const image = (Id: string, tag: string, from?: string) => ({
  Id,
  RepoTags: [tag],
  Labels: { [labels.image]: 'x', ...(from ? { [labels.from]: from } : {}) },
});
const container = (ImageID: string, cluster?: string) => ({
  ImageID,
  Labels: cluster === undefined ? {} : { [labels.cluster]: cluster },
});

describe('images that outlive their clusters', () => {
  const airflow = image('a', 'mesos-airflow/airflow:1');
  const agent = image('b', 'mesos-airflow/agent:1', 'mesos-airflow/airflow:1');
  const unused = image('c', 'mesos-airflow/mesos:1');
  const theirs = image('d', 'my/airflow:1', 'mesos-airflow/airflow:1');
  const labelled = [airflow, agent, unused, theirs];
  const left = (containers: Parameters<typeof unneededImages>[1], ...gone: string[]): string[] =>
    unneededImages(labelled, containers, new Set(gone)).map(({ Id }) => Id);

  it('go where no container needs them, or only those of clusters that go', () => {
    assert.deepEqual(left([]), ['a', 'b', 'c']);
    assert.deepEqual(left([container('b', 'box')], 'box'), ['a', 'b', 'c']);
  });

  it('stay with what they are built on where another cluster or container needs them', () => {
    assert.deepEqual(left([container('b', 'box'), container('c', 'other')], 'other'), ['c']);
    assert.deepEqual(left([container('a')], 'box'), ['b', 'c']);
  });

  it('stay where a person has built and named them', () => {
    assert.ok(!left([]).includes('d'));
    assert.deepEqual(left([container('d')]), ['a', 'b', 'c']);
  });
});
