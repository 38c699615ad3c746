import type { AirflowClient } from '../../airflow/client.ts';
import { clearRequest, pauseRequest, triggerRequest } from '../../api/people.ts';
import type { Framework } from '../../framework/framework.ts';
import { DagStructures, noStructure } from '../airflow/dagStructures.ts';
import { askAirflow } from '../airflow/problems.ts';
import { clearedTaskOf, dagRunSummaryOf, dagRunViewOf, dagViews } from '../airflow/runs.ts';
import { json, param, type Route } from '../http/route.ts';
import { valid, wholeNumber } from '../http/validate.ts';

export interface DagRoutesOptions {
  readonly airflow: AirflowClient;
  readonly framework: Framework;
}

/** DAGs and their runs. */
export function dagRoutes({ airflow, framework }: DagRoutesOptions): Route[] {
  const structures = new DagStructures((dagId) => airflow.dagTasks(dagId));
  return [
    {
      method: 'GET',
      path: '/v1/dags',
      access: 'admin',
      handle: async (call) => json(await askAirflow(() => dagViews(airflow, call.signal))),
    },
    {
      method: 'GET',
      path: '/v1/dags/import-errors',
      access: 'admin',
      handle: async (call) => json(await askAirflow(() => airflow.importErrors(call.signal))),
    },
    {
      method: 'POST',
      path: '/v1/dags/{dag_id}/pause',
      access: 'admin',
      handle: async (call) => {
        const { paused } = valid(pauseRequest, call.body);
        await askAirflow(() => airflow.setPaused(param(call, 'dag_id'), paused));
        return { kind: 'empty', status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/v1/dags/{dag_id}/runs',
      access: 'admin',
      handle: async (call) => {
        const limit = wholeNumber(call.query, 'limit', { least: 1, most: 100, otherwise: 25 });
        const runs = await askAirflow(() => airflow.dagRuns(param(call, 'dag_id'), limit, call.signal));
        return json(runs.map(dagRunSummaryOf));
      },
    },
    {
      method: 'POST',
      path: '/v1/dags/{dag_id}/runs',
      access: 'admin',
      handle: async (call) => {
        const request = valid(triggerRequest, call.body ?? {});
        const run = await askAirflow(() => airflow.trigger(param(call, 'dag_id'), request));
        return json(dagRunViewOf(run, [], [], noStructure), 201);
      },
    },
    {
      method: 'GET',
      path: '/v1/dags/{dag_id}/runs/{run_id}',
      access: 'admin',
      handle: async (call) => {
        const [dagId, runId] = [param(call, 'dag_id'), param(call, 'run_id')];
        const [run, instances] = await askAirflow(() =>
          Promise.all([
            airflow.dagRun(dagId, runId, call.signal),
            airflow.taskInstances(dagId, runId, call.signal),
          ]),
        );
        const structure = await structures.of(dagId, runId);
        const records = framework.tasks({ dag_id: dagId, run_id: runId }, 10_000);
        return json(dagRunViewOf(run, instances, records, structure));
      },
    },
    {
      method: 'POST',
      path: '/v1/dags/{dag_id}/runs/{run_id}/clear',
      access: 'admin',
      handle: async (call) => {
        const request = valid(clearRequest, call.body ?? {});
        const cleared = await askAirflow(() =>
          airflow.clear(param(call, 'dag_id'), param(call, 'run_id'), {
            tasks: request.tasks,
            onlyFailed: request.only_failed ?? false,
            downstream: request.downstream ?? true,
            dryRun: request.dry_run ?? false,
          }),
        );
        return json(cleared.map(clearedTaskOf));
      },
    },
  ];
}
