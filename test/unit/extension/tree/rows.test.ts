import assert from 'node:assert/strict';
import { changesBetween, type Outline } from '../../../../src/extension/tree/rows.ts';
import { taskRunsOutline } from '../../../../src/extension/tree/taskRuns/view.ts';
import type { taskRun } from '../../../vscode/support/views.ts';
import { atNoon, running } from '../../../vscode/support/views.ts';
import { picture, tasks } from './outlines.ts';

describe('changesBetween', () => {
  const at = (now: number, ...runs: ReturnType<typeof taskRun>[]): Outline =>
    taskRunsOutline(picture({ tasks: tasks(...runs) }), now);

  it('names only the rows that changed, and those above whose counts did', () => {
    const before = at(atNoon, running('a'), running('b', { key: { task_id: 'other' } }));
    const ended = running('a', { state: 'finished', airflow_state: 'success', ended: atNoon + 2000 });
    const after = at(atNoon, ended, running('b', { key: { task_id: 'other' } }));
    assert.deepEqual(changesBetween(before, after), [
      'taskRun:a',
      'run:weather_report/manual__2026-11-23T11:59:50.123+00:00',
      'taskRuns',
    ]);
  });

  it('names the parent of a new row, not the row', () => {
    const before = at(atNoon, running('a'));
    const after = at(atNoon, running('a'), running('b', { key: { map_index: 1 } }));
    assert.ok(!changesBetween(before, after).includes('taskRun:b'));
    assert.ok(changesBetween(before, after).includes('taskRuns'));
  });

  it('names nothing while only seconds pass', () => {
    const run = running('a');
    assert.deepEqual(changesBetween(at(atNoon + 2000, run), at(atNoon + 9000, run)), []);
  });

  it('asks for all only where the top rows are others', () => {
    const before = at(atNoon);
    const after = taskRunsOutline(picture({}, { connection: { phase: 'lost', why: 'x' } }), atNoon);
    assert.equal(changesBetween(before, after), 'all');
  });
});
