import assert from 'node:assert/strict';
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
