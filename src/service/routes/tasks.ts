import { requestState, type RequestState } from '../../api/airflow.ts';
import type { Framework } from '../../framework/framework.ts';
import { badRequest } from '../http/problem.ts';
import { json, param, type Route } from '../http/route.ts';
import { wholeNumber } from '../http/validate.ts';
import type { LiveViews } from '../liveViews.ts';
import { findTask } from './findTask.ts';

/** Task runs, for people: src/api/people.ts. */
export function taskRoutes(framework: Framework, views: LiveViews): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/tasks',
      access: 'admin',
      handle: ({ query }) => {
        const limit = wholeNumber(query, 'limit', { least: 1, most: 1000, otherwise: 500 });
        const before = query.get('before') ?? undefined;
        const filter = {
          states: statesOf(query),
          dag_id: query.get('dag_id') ?? undefined,
          run_id: query.get('run_id') ?? undefined,
        };
        return json(framework.tasks(filter, limit, before).map((task) => views.taskRun(task)));
      },
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}',
      access: 'admin',
      handle: (call) => json(views.taskRun(findTask(framework, param(call, 'id')).task)),
    },
    {
      method: 'POST',
      path: '/v1/tasks/{id}/kill',
      access: 'admin',
      handle: async (call) => {
        const { task } = findTask(framework, param(call, 'id'));
        await framework.kill(null, [task.id], 'Killed by you.');
        return json(views.taskRun(framework.task(task.id)?.task ?? task));
      },
    },
  ];
}

/** The states that a query names; undefined where it names none. Throws a 400 for one that there is not. */
export function statesOf(query: URLSearchParams): RequestState[] | undefined {
  const names = query.getAll('state').flatMap((text) => text.split(','));
  const states = names
    .filter((name) => name !== '')
    .map((name) => {
      const state = requestState.safeParse(name);
      if (state.success) return state.data;
      throw badRequest(
        `there is no state "${name}": ${requestState.options.join(', ')} are those that there are`,
      );
    });
  return states.length === 0 ? undefined : states;
}
