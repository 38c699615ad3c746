import type { TaskInstanceView } from '../api/people.ts';

/** Task instances of a run by their task, in their order. */
export function byTask<T extends Pick<TaskInstanceView, 'task_id'>>(tasks: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const task of tasks) {
    const group = groups.get(task.task_id);
    if (group) group.push(task);
    else groups.set(task.task_id, [task]);
  }
  return groups;
}

/** `extract`, or of a mapped task `summarise [0..5]`. */
export function groupName(task: string, instances: readonly Pick<TaskInstanceView, 'map_index'>[]): string {
  // Not spread into Math.min: there may be more instances than a call takes arguments.
  let [least, most] = [Infinity, -1];
  for (const { map_index } of instances) {
    if (map_index < 0) continue;
    least = Math.min(least, map_index);
    most = Math.max(most, map_index);
  }
  if (most < 0) return task;
  return `${task} [${least === most ? least : `${least}..${most}`}]`;
}

/** Airflow's states in which a task instance is over. */
const over: ReadonlySet<string | null> = new Set([
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'removed',
]);

export function isInstanceOver({ state }: Pick<TaskInstanceView, 'state'>): boolean {
  return over.has(state);
}

/** Of the tasks that these instances of one task wait for, those that are not over; none once Airflow has scheduled them. */
export function unfinishedUpstream(
  instances: readonly Pick<TaskInstanceView, 'state' | 'upstream'>[],
  groups: ReadonlyMap<string, readonly Pick<TaskInstanceView, 'state'>[]>,
): string[] {
  const [first] = instances;
  if (!first || instances.some(({ state }) => state !== null)) return [];
  return first.upstream.filter((task) => groups.get(task)?.some((one) => !isInstanceOver(one)));
}
