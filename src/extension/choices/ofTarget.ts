import type { TaskRun } from '../../api/people.ts';
import type { Target } from '../tree/target.ts';

/** Whether a task run belongs to what a row names: a DAG, a run, a task, one instance of it; where it names none, it does. */
export function isOfTarget({ key }: Pick<TaskRun, 'key'>, target: Target): boolean {
  return (['dag_id', 'run_id', 'task_id', 'map_index'] as const).every(
    (part) => target[part] === undefined || target[part] === key[part],
  );
}

/** Whether it names one task instance: all of its task runs are tries of the same. */
export function isOneTask({ dag_id, run_id, task_id, map_index }: Target): boolean {
  return [dag_id, run_id, task_id, map_index].every((part) => part !== undefined);
}
