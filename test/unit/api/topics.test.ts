import assert from 'node:assert/strict';
import { pageOf, runsTopic, runTopic, topicOf } from '../../../src/api/topics.ts';

describe('page topics', () => {
  it('name a page and are read again, whatever its ids hold', () => {
    for (const page of [
      { kind: 'dags' },
      { kind: 'mesos-tasks' },
      { kind: 'runs', dag_id: 'wetter.täglich', limit: 25 },
      { kind: 'runs', dag_id: '100%: a,b', limit: 100 },
      { kind: 'run', dag_id: 'größe', run_id: 'manual__2026-11-23T15:12:02.5+00:00' },
      { kind: 'run', dag_id: '%3A', run_id: 'a b/c?d&e' },
    ] as const) {
      assert.deepEqual(pageOf(topicOf(page)), page);
      assert.doesNotMatch(topicOf(page), /,/, 'commas separate topics');
    }
  });

  it('have one way to be written', () => {
    assert.equal(runsTopic('etl'), 'runs:etl');
    assert.equal(runsTopic('etl', 50), 'runs:etl:50');
    assert.equal(runTopic('etl', 'manual__15:12'), 'run:etl:manual__15%3A12');
    const page = pageOf('runs:e%74l:25');
    assert.equal(page && topicOf(page), 'runs:etl');
  });

  it('are nothing else', () => {
    for (const topic of [
      '',
      'dags:etl',
      'runs',
      'runs:',
      'runs:etl:0',
      'runs:etl:101',
      'runs:etl:2.5',
      'runs:etl:',
      'run:etl',
      'run:etl:',
      'run:etl:a:b',
      'run:%:b',
      'tasks',
    ]) {
      assert.equal(pageOf(topic), undefined, topic);
    }
  });
});
