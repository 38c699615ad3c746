import { requestState, type RequestState } from '../../api/airflow.ts';
import type { LogChunk } from '../../api/people.ts';
import { AmbiguousId } from '../../framework/errors.ts';
import type { Framework } from '../../framework/framework.ts';
import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import { maxReadLength } from '../../mesos/files.ts';
import { badRequest, HttpProblem, notFound } from '../http/problem.ts';
import { json, param, type Call, type Route } from '../http/route.ts';
import { wholeNumber } from '../http/validate.ts';
import type { LiveViews } from '../liveViews.ts';
import { pathInside, type Sandboxes } from '../sandbox.ts';

/** Task runs and their logs, for people: src/api/people.ts. */
export function taskRoutes(framework: Framework, views: LiveViews, sandboxes: Sandboxes): Route[] {
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
      handle: (call) => json(views.taskRun(find(framework, call).task)),
    },
    {
      method: 'GET',
      path: '/v1/tasks/{id}/log',
      access: 'admin',
      handle: async (call) => {
        const file = pathInside(call.query.get('file') ?? 'stdout');
        const most = Number.MAX_SAFE_INTEGER;
        const offset = wholeNumber(call.query, 'offset', { least: -most, most, otherwise: 0 });
        // Four bytes hold any character: each answer brings a reader on.
        const range = { least: 4, most: maxReadLength, otherwise: maxReadLength };
        const length = wholeNumber(call.query, 'length', range);
        const { task, attempt } = find(framework, call);
        return json(attempt ? await sandboxes.chunk(attempt, file, { offset, length }) : nothingYet(task));
      },
    },
    {
      method: 'POST',
      path: '/v1/tasks/{id}/kill',
      access: 'admin',
      handle: async (call) => {
        const { task } = find(framework, call);
        await framework.kill(null, [task.id], 'Killed by you.');
        return json(views.taskRun(framework.task(task.id)?.task ?? task));
      },
    },
  ];
}

function find(framework: Framework, call: Call): { task: TaskRecord; attempt: AttemptRecord | null } {
  const id = param(call, 'id');
  try {
    const found = framework.task(id);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof AmbiguousId)) throw error;
    throw new HttpProblem(409, {
      error: `${id} is the beginning of several task ids`,
      why: error.candidates.join(', '),
      next: 'Give more of it.',
    });
  }
  throw notFound(`There is no task run ${id}`, 'mesos-airflow tasks lists those that there are.');
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

/** Of a task run that has no sandbox yet, or that ended without one. */
function nothingYet(task: TaskRecord): LogChunk {
  return { data: '', offset: 0, next: 0, size: 0, ended: task.ended !== null, source: '' };
}
