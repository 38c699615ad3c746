import type { DagRunView, TaskRun } from '../../api/people.ts';

/** Of a failed run the task runs whose logs say why, the first that failed first; a task that never ran has none. */
export function failedTaskRuns(run: Pick<DagRunView, 'tasks'>): TaskRun[] {
  return run.tasks
    .filter(({ state }) => state === 'failed')
    .sort((a, b) => (a.ended ?? Infinity) - (b.ended ?? Infinity))
    .flatMap(({ runs: [newest] }) => (newest ? [newest] : []));
}
