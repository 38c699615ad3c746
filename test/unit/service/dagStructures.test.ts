import assert from 'node:assert/strict';
import { dagTasks } from '../../../src/airflow/answers.ts';
import { DagStructures, noStructure, structureOf } from '../../../src/service/airflow/dagStructures.ts';

const tasks = [
  { task_id: 'write', downstream: [] },
  { task_id: 'read', downstream: ['summarise', 'check'] },
  { task_id: 'check', downstream: ['write'] },
  { task_id: 'summarise', downstream: ['write'] },
];

describe('the structure of a DAG', () => {
  it('puts each task behind all that it depends on', () => {
    const { order, upstream } = structureOf(tasks);
    assert.deepEqual(order, ['read', 'check', 'summarise', 'write']);
    assert.deepEqual(upstream.get('write'), ['check', 'summarise']);
    assert.deepEqual(upstream.get('read'), []);
  });

  it('knows how long a task waits to be tried again, where that is always the same', () => {
    const retry_delay = { __type: 'TimeDelta', days: 1, seconds: 30, microseconds: 500_000 };
    const { tasks } = dagTasks.parse({
      tasks: [
        { task_id: 'steady', retry_delay, retry_exponential_backoff: 0 },
        { task_id: 'growing', retry_delay, retry_exponential_backoff: 2 },
        { task_id: 'growing of old', retry_delay, retry_exponential_backoff: true },
        { task_id: 'unsaid' },
      ],
    });
    assert.deepEqual([...structureOf(tasks).retryMs], [['steady', 86_430_500]]);
  });

  it('is asked for once a run, and again where Airflow could not say it', async () => {
    let asked = 0;
    const structures = new DagStructures(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(tasks);
    });
    assert.equal(await structures.of('dag', 'run'), noStructure);
    assert.equal((await structures.of('dag', 'run')).order.length, 4);
    await structures.of('dag', 'run');
    assert.equal(asked, 2);
  });
});
