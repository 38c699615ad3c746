import { flatTask } from '../legacyViews.ts';
import type { Framework } from './framework.ts';
import type { MasterState } from './state.ts';
import type { MasterTask } from './task.ts';

/** Tasks that are given where the query names no limit. */
const usualLimit = 100;

/** All that a framework has or had. */
export function tasksOfAll({ tasks, unreachableTasks, completedTasks }: Framework): MasterTask[] {
  return [...tasks.values(), ...unreachableTasks.values(), ...completedTasks];
}

/** GET /tasks: newest first, unless the query says otherwise. */
export function legacyTasks(state: MasterState, query: URLSearchParams): object[] {
  const [framework, task] = [query.get('framework_id'), query.get('task_id')];
  const direction = query.get('order') === 'asc' ? 1 : -1;
  const offset = numberIn(query, 'offset') ?? 0;
  return [...state.frameworks.values(), ...state.completedFrameworks.values()]
    .filter(({ id }) => framework === null || id === framework)
    .flatMap(tasksOfAll)
    .filter(({ id }) => task === null || id === task)
    .sort((a, b) => direction * (firstTold(a) - firstTold(b)))
    .slice(offset, offset + (numberIn(query, 'limit') ?? usualLimit))
    .map(({ view }) => flatTask(view));
}

/** When its scheduler was first told of it; before all others what nobody was told of. */
function firstTold({ view }: MasterTask): number {
  return view.statuses?.[0]?.timestamp ?? 0;
}

function numberIn(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter) ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
