import type { TaskRun } from '../../api/people.ts';
import { newestTasks } from '../../api/topics.ts';
import type { ClusterState } from './state.ts';

/**
 * So many task runs are kept, or as many as were loaded on purpose: beyond it the oldest go that have ended, then the oldest
 * that wait; one that runs never.
 */
export const keptTaskRuns = 1000;

type Kept = Pick<ClusterState, 'tasks' | 'olderTasks' | 'oldestTask'>;

export const noTasks = { tasks: undefined, olderTasks: 'none', oldestTask: undefined } as const;

/** The task runs of a state while events come: copied once for all events of a batch, and not where none is of them. */
export class TaskRuns {
  readonly #sizeBefore: number;
  #kept: Kept;
  #copy: Map<string, TaskRun> | undefined;

  constructor(state: Kept | undefined) {
    const { tasks, olderTasks, oldestTask } = state ?? noTasks;
    this.#kept = { tasks, olderTasks, oldestTask };
    this.#sizeBefore = tasks?.size ?? 0;
  }

  /** The newest, in place of all that were known; undefined: they are not wanted. Newest first. */
  replace(tasks: readonly TaskRun[] | undefined): void {
    this.#copy = undefined;
    this.#kept = tasks
      ? {
          tasks: new Map(tasks.map((task) => [task.id, task])),
          olderTasks: tasks.length < newestTasks ? 'none' : 'more',
          oldestTask: tasks.at(-1)?.id,
        }
      : noTasks;
  }

  /** One that changed or is new. */
  set(task: TaskRun): void {
    // Of a list that did not come yet, or is not wanted any more.
    if (!this.#kept.tasks) return;
    this.#copy ??= new Map(this.#kept.tasks);
    this.#copy.set(task.id, task);
  }

  result(): Kept {
    if (!this.#copy) return this.#kept;
    // What was loaded on purpose stays: it made the list longer than it was.
    const most = Math.max(keptTaskRuns, this.#sizeBefore);
    return bounded({ ...this.#kept, tasks: this.#copy }, this.#copy, most);
  }
}

/** With an older page: `asked` is the id that it was asked for with. The same where the list is another one by now. */
export function withOlder<T extends Kept>(
  state: T,
  asked: string,
  page: readonly TaskRun[],
  size: number,
): T {
  if (!state.tasks || state.oldestTask !== asked) return notLoading(state);
  const tasks = new Map(state.tasks);
  // What is known came by events: it is not older than the page.
  for (const task of page) if (!tasks.has(task.id)) tasks.set(task.id, task);
  const olderTasks = page.length < size ? 'none' : 'more';
  return { ...state, tasks, olderTasks, oldestTask: page.at(-1)?.id ?? asked };
}

/** As before it was asked for an older page. */
export function notLoading<T extends Kept>(state: T): T {
  return state.olderTasks === 'loading' ? { ...state, olderTasks: 'more' } : state;
}

function bounded(kept: Kept, tasks: Map<string, TaskRun>, most: number): Kept {
  if (tasks.size <= most) return kept;
  const ranked = [...tasks.values()].filter((task) => rank(task) < 2).sort(byWorth);
  let newestGone = -Infinity;
  for (const task of ranked.slice(0, tasks.size - most)) {
    tasks.delete(task.id);
    newestGone = Math.max(newestGone, task.queued);
  }
  // The list is whole down to the first that is newer than all that went.
  let oldest: TaskRun | undefined;
  for (const task of tasks.values()) {
    if (task.queued > newestGone && (!oldest || task.queued < oldest.queued)) oldest = task;
  }
  const olderTasks = kept.olderTasks === 'loading' ? 'loading' : 'more';
  return { ...kept, olderTasks, oldestTask: oldest?.id ?? kept.oldestTask };
}

/** Those that go first, first. */
function byWorth(one: TaskRun, other: TaskRun): number {
  return rank(one) - rank(other) || one.queued - other.queued;
}

function rank(task: TaskRun): 0 | 1 | 2 {
  if (task.ended !== null) return 0;
  return task.state === 'queued' ? 1 : 2;
}
