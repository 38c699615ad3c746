import type { TaskRun } from '../../api/people.ts';

/** Tries of the same task instance, oldest first: of one that was deferred the last launch. */
export function triesOf(runs: readonly TaskRun[], of: TaskRun): TaskRun[] {
  const tries = new Map<number, TaskRun>();
  for (const run of [...runs].sort((a, b) => a.queued - b.queued)) {
    const { key, mesos_task_id } = run;
    const isSame = key.task_id === of.key.task_id && key.map_index === of.key.map_index;
    if (isSame && key.run_id === of.key.run_id && key.dag_id === of.key.dag_id && mesos_task_id !== null) {
      tries.set(key.try_number, run);
    }
  }
  return [...tries.values()].sort((a, b) => a.key.try_number - b.key.try_number);
}

/** The try that came after one, by its latest launch; it may wait for an agent. */
export function tryAfter(runs: readonly TaskRun[], { key }: TaskRun): TaskRun | undefined {
  const later = runs.filter(
    (run) =>
      run.key.dag_id === key.dag_id &&
      run.key.run_id === key.run_id &&
      run.key.task_id === key.task_id &&
      run.key.map_index === key.map_index &&
      run.key.try_number > key.try_number,
  );
  return later.sort((a, b) => a.key.try_number - b.key.try_number || b.queued - a.queued)[0];
}
