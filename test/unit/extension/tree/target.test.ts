import assert from 'node:assert/strict';
import {
  instanceRowId,
  runRowId,
  targetOf,
  taskRunRowId,
  tasksRowId,
} from '../../../../src/extension/tree/target.ts';

describe('what a row names', () => {
  // A run's id may have slashes and colons.
  const run = { dag_id: 'weather', run_id: 'my/own: run' };

  it('is read from its id', () => {
    assert.deepEqual(targetOf(runRowId(run.dag_id, run.run_id)), run);
    assert.deepEqual(targetOf(tasksRowId(run.dag_id, run.run_id, 'load')), { ...run, task_id: 'load' });
    const instance = { ...run, task_id: 'load', map_index: -1 };
    assert.deepEqual(targetOf(instanceRowId(run.dag_id, run.run_id, 'load', -1)), instance);
    assert.deepEqual(targetOf(taskRunRowId('r-1')), { task: 'r-1' });
    assert.deepEqual(targetOf('dag:weather'), { dag_id: 'weather' });
  });

  it('is nothing where the id names nothing that commands act on', () => {
    for (const id of [
      'waiting',
      'ended:a',
      'more:dag:weather',
      'run:weather',
      'instance:a/b',
      'range:a/b/c/0',
    ])
      assert.deepEqual(targetOf(id), {}, id);
  });
});
