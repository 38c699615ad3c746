import assert from 'node:assert/strict';
import type { DagRunView, TaskRun } from '../../../src/api/people.ts';
import { findClearTarget } from '../../../src/cli/clearTarget.ts';
import { CommandError } from '../../../src/cli/errors.ts';
import { clearedLines } from '../../../src/cli/views/cleared.ts';
import { ServiceProblem } from '../../../src/client/errors.ts';
import type { ServiceClient } from '../../../src/client/serviceClient.ts';
import { terminalDouble } from './terminalDouble.ts';

/** A service that has these runs, each with the map indexes of its tasks, and one task run. */
function service(runs: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>): ServiceClient {
  const known: Pick<ServiceClient, 'dagRun' | 'task'> = {
    dagRun: (dag, run) => {
      const tasks = runs[`${dag}/${run}`];
      if (!tasks) return Promise.reject(new ServiceProblem(404, { error: 'Airflow refuses' }));
      const view = Object.entries(tasks).flatMap(([task_id, indexes]) =>
        indexes.map((map_index) => ({ task_id, map_index })),
      );
      return Promise.resolve({ dag_id: dag, run_id: run, tasks: view } as DagRunView);
    },
    task: (id) => {
      const key = { dag_id: 'etl', run_id: 'r1', task_id: 'load', map_index: 2, try_number: 3 };
      if (id === '3f2a') return Promise.resolve({ id, key } as TaskRun);
      return Promise.reject(new ServiceProblem(404, { error: 'There is no task run' }));
    },
  };
  return known as ServiceClient;
}

const client = service({
  'etl/r1': { read: [-1], load: [0, 1, 2] },
  'etl/2026/11/23': { read: [-1] },
});

describe('what `clear` is about', () => {
  const found = (text: string) => findClearTarget(client, text);

  it('is a run, a task, an instance of it, or the task of a Mesos id', async () => {
    const run = { dag_id: 'etl', run_id: 'r1' };
    assert.deepEqual(await found('etl/r1'), run);
    assert.deepEqual(await found('etl/r1/read'), { ...run, tasks: [{ task_id: 'read' }] });
    assert.deepEqual(await found('etl/r1/load'), { ...run, tasks: [{ task_id: 'load' }] });
    const second = { ...run, tasks: [{ task_id: 'load', map_index: 2 }] };
    for (const text of ['etl/r1/load/2', 'etl/r1/load/2/1', '3f2a']) {
      assert.deepEqual(await found(text), second, text);
    }
  });

  it('is the task instance also where a try is named, as `tasks` prints it', async () => {
    assert.deepEqual((await found('etl/r1/read/2')).tasks, [{ task_id: 'read' }]);
  });

  it('may be a run whose id holds slashes', async () => {
    assert.deepEqual(await found('etl/2026/11/23'), { dag_id: 'etl', run_id: '2026/11/23' });
    assert.deepEqual((await found('etl/2026/11/23/read')).tasks, [{ task_id: 'read' }]);
  });

  it('is nothing that is not there, and says so by the exit status', async () => {
    for (const [text, code] of [
      ['', 2],
      ['etl/', 2],
      ['/r1', 2],
      ['etl/r1/', 2],
      ['etl/r1/none', 4],
      ['etl/none/read', 4],
      ['etl/r1/load/7', 4],
      ['9999', 4],
    ] as const) {
      await assert.rejects(
        found(text),
        (error: unknown) => error instanceof CommandError && error.exitCode === code,
        text,
      );
    }
  });
});

describe('tasks that run again', () => {
  it('are shown with their states, those of a mapped one together', () => {
    const { colors } = terminalDouble();
    const mapped = (indexes: readonly number[], state: string) =>
      indexes.map((map_index) => ({ task_id: 'load', map_index, state }));
    const lines = clearedLines(
      [
        { task_id: 'read', map_index: -1, state: 'failed' },
        ...mapped([2, 0, 1], 'success'),
        ...mapped([3, 7], 'failed'),
        ...mapped([10, 12, 14, 16, 18, 20], 'skipped'),
        { task_id: 'write', map_index: -1, state: null },
      ],
      colors,
    );
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(/ {2,}/, ' | ')),
      [
        'read | ✗ failed',
        'load [0..2] | ✓ success',
        'load [3, 7] | ✗ failed',
        'load [10, 12, 14, 16, 18, … 6 of them] | – skipped',
        'write | ○ waiting',
      ],
    );
  });
});
