import type { TaskRun } from '../../api/people.ts';
import { stateOfRun } from '../../words/states.ts';
import { clock, duration } from '../output/durations.ts';
import { showState } from '../output/states.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

/** Task runs, a row each, as they come (newest first). */
export function taskLines(runs: readonly TaskRun[], colors: Colors, now = Date.now()): string[] {
  if (runs.length === 0) return ['No task has run yet.'];
  const rows = runs.map((run) => [
    oneLine(`${run.key.dag_id}/${run.key.run_id}`),
    oneLine(`${run.key.task_id}${run.key.map_index >= 0 ? `[${run.key.map_index}]` : ''}`),
    String(run.key.try_number),
    showState(stateOfRun(run), colors),
    run.agent ?? '',
    took(run, now),
    clock(run.queued, now),
    run.mesos_task_id ?? run.id,
    // That it ended well is said by its state.
    oneLine(run.waits ?? (run.state === 'finished' ? '' : run.info)),
  ]);
  return table(['DAG/RUN', 'TASK', 'TRY', 'STATE', 'AGENT', 'TOOK', 'QUEUED', 'ID', ''], rows, colors);
}

/** How long it ran, or has run so far. */
export function took(run: Pick<TaskRun, 'started' | 'ended'>, now = Date.now()): string {
  return run.started === null ? '' : duration((run.ended ?? now) - run.started);
}
