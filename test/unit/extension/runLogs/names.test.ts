import assert from 'node:assert/strict';
import { nameBefore, separator, taskOfLine } from '../../../../src/extension/runLogs/names.ts';
import { running } from '../../../vscode/support/views.ts';

describe('the name before a line of a run’s logs', () => {
  const name = (task_id: string, map_index = -1, try_number = 1): string =>
    nameBefore(running('r', { key: { task_id, map_index, try_number } }));

  it('is the task’s, with instance and later try, cut where it is long', () => {
    assert.equal(name('load'), 'load');
    assert.equal(name('load', 2, 3), 'load[2] · try 3');
    assert.equal(name('a'.repeat(50)), `${'a'.repeat(27)}…`);
    assert.equal(name('a'.repeat(50), -1, 2).length, 28);
  });

  it('leads back to the task, whose colour all of its instances and tries have', () => {
    for (const line of [name('load'), name('load', 2), name('load', 2, 3).padEnd(28)]) {
      assert.deepEqual(taskOfLine(`${line}${separator}INFO │ x`), { task: 'load', end: line.length });
    }
    assert.equal(taskOfLine('── weather · 2 tries ──'), undefined);
    assert.equal(taskOfLine(''), undefined);
  });
});
