import type { ClusterEvent, DagRunView, TaskInstanceView } from '../api/people.ts';

/** A run with fewer task instances is told as a whole each time. */
const fewTasks = 20;

/** A task instance as it is sent: each is written once, however many followers there are. */
const texts = new WeakMap<TaskInstanceView, string>();

/** What there is to tell of a run whose last view a follower has; undefined where it is to be told as a whole. */
export function changesBetween(
  before: DagRunView,
  after: DagRunView,
): Extract<ClusterEvent, { type: 'runTasks' }> | undefined {
  if (after.tasks.length < fewTasks || after.tasks.length !== before.tasks.length) return undefined;
  const tasks: TaskInstanceView[] = [];
  for (const [index, task] of after.tasks.entries()) {
    const last = before.tasks[index];
    if (last?.task_id !== task.task_id || last.map_index !== task.map_index) return undefined;
    if (textOf(last) !== textOf(task)) tasks.push(task);
  }
  return tasks.length > after.tasks.length / 2 ? undefined : { type: 'runTasks', run: { ...after, tasks } };
}

function textOf(task: TaskInstanceView): string {
  const known = texts.get(task);
  if (known !== undefined) return known;
  const text = JSON.stringify(task);
  texts.set(task, text);
  return text;
}
