import { recordingRequest, type TaskRun } from '../../api/people.ts';
import { mostRuns, runsTopic, runTopic, usualRuns } from '../../api/topics.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import { json, param, type Call, type Route } from '../http/route.ts';
import { valid, wholeNumber } from '../http/validate.ts';
import { clusterRoutes, type ClusterRoutesOptions } from '../routes/cluster.ts';
import { statesOf } from '../routes/tasks.ts';
import type { Player } from './player.ts';
import { notRecorded, type ReplayViews } from './views.ts';

export interface ReplayRoutesOptions extends Omit<ClusterRoutesOptions, 'views' | 'watch'> {
  readonly views: ReplayViews;
  readonly player: Player;
}

/** What a recording answers: what a cluster does, as far as it was recorded. What would change something is refused. */
export function replayRoutes(options: ReplayRoutesOptions): Route[] {
  const { views, player } = options;
  const watch = {
    current: () => Promise.resolve({ agents: views.agents(), frameworks: views.frameworks() }),
  };
  return [
    ...clusterRoutes({ ...options, watch }),
    ...taskRoutes(views),
    ...dagRoutes(views),
    {
      method: 'POST',
      path: '/v1/recording',
      access: 'admin',
      handle: (call) => json(player.control(valid(recordingRequest, call.body ?? {}))),
    },
    // Nobody waits for Airflow here: there is nothing to look at sooner.
    {
      method: 'POST',
      path: '/v1/dags/saved',
      access: 'admin',
      handle: () => ({ kind: 'empty', status: 204 }),
    },
    ...refused,
  ];
}

const refused: readonly Route[] = (
  [
    ['POST', '/v1/tasks/{id}/kill'],
    ['POST', '/v1/tasks/{id}/debug'],
    ['POST', '/v1/dags/{dag_id}/pause'],
    ['GET', '/v1/dags/{dag_id}/params'],
    ['POST', '/v1/dags/{dag_id}/runs'],
    ['POST', '/v1/dags/{dag_id}/runs/{run_id}/clear'],
    ['POST', '/v1/airflow/login'],
    ['POST', '/v1/parts/{name}/report'],
    ['GET', '/v1/journal'],
  ] as const
).map(([method, path]) => ({
  method,
  path,
  access: 'admin',
  handle: () => {
    throw new HttpProblem(409, {
      error: 'This is a recording',
      why: 'it shows what happened once: no cluster is behind it that could be asked or changed',
      next: 'Close the recording to get back to your cluster.',
    });
  },
}));

function taskRoutes(views: ReplayViews): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/tasks',
      access: 'admin',
      handle: ({ query }) => {
        const limit = wholeNumber(query, 'limit', { least: 1, most: 1000, otherwise: 500 });
        const states = statesOf(query);
        const [dag, run] = [query.get('dag_id'), query.get('run_id')];
        const all = views.tasks();
        const before = query.get('before');
        const start = before === null ? 0 : all.findIndex(({ id }) => id === before) + 1;
        const found = all
          .slice(start)
          .filter(({ state }) => states?.includes(state) ?? true)
          .filter(({ key }) => (dag === null || key.dag_id === dag) && (run === null || key.run_id === run));
        return json(found.slice(0, limit));
      },
    },
    { method: 'GET', path: '/v1/tasks/{id}', access: 'admin', handle: (call) => json(find(views, call)) },
    ...['log', 'log/stream', 'sandbox', 'sandbox/file', 'sandbox/archive', 'attempts'].map(
      (below): Route => ({
        method: 'GET',
        path: `/v1/tasks/{id}/${below}`,
        access: 'admin',
        handle: (call) => {
          const { agent } = find(views, call);
          throw new HttpProblem(409, {
            error: 'A recording has no logs',
            why: `this one was in the task’s sandbox${agent === null ? '' : ` on ${agent}`}, and recordings hold what the views show`,
            next: 'If that cluster is still there, look at the log there.',
          });
        },
      }),
    ),
  ];
}

function find(views: ReplayViews, call: Call): TaskRun {
  const id = param(call, 'id');
  const all = views.tasks();
  const exact = all.find((run) => run.id === id || run.mesos_task_id === id);
  if (exact) return exact;
  const found = all.filter((run) => run.id.startsWith(id) || run.mesos_task_id?.startsWith(id));
  const [only] = found;
  if (!only)
    throw notFound(`There is no task run ${id} at this time of the recording`, 'Go to another time.');
  if (found.length === 1) return only;
  throw new HttpProblem(409, {
    error: `${id} is the beginning of several task ids`,
    why: found
      .slice(0, 10)
      .map((run) => run.id)
      .join(', '),
    next: 'Give more of it.',
  });
}

function dagRoutes(views: ReplayViews): Route[] {
  const get = (path: string, view: (call: Call) => unknown): Route => ({
    method: 'GET',
    path,
    access: 'admin',
    handle: (call) => {
      const found = view(call);
      if (found === undefined) throw new HttpProblem(404, notRecorded);
      return json(found);
    },
  });
  return [
    get('/v1/dags', () => views.page('dags', 'dags')?.dags),
    get('/v1/dags/import-errors', () => views.page('dags', 'dags')?.import_errors),
    get('/v1/dags/{dag_id}/runs', (call) => {
      const range = { least: 1, most: mostRuns, otherwise: usualRuns };
      const limit = wholeNumber(call.query, 'limit', range);
      return views.page(runsTopic(param(call, 'dag_id'), limit), 'runs')?.runs;
    }),
    get('/v1/dags/{dag_id}/runs/{run_id}', (call) => {
      return views.page(runTopic(param(call, 'dag_id'), param(call, 'run_id')), 'run')?.run;
    }),
  ];
}
