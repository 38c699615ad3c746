import type { AirflowClient } from '../../airflow/client.ts';
import { clearRequest, pauseRequest, triggerRequest } from '../../api/people.ts';
import type { Changed } from '../airflow/airflowWatch.ts';
import type { DagPages } from '../airflow/dagPages.ts';
import { noStructure } from '../airflow/dagStructures.ts';
import { askAirflow } from '../airflow/problems.ts';
import { clearedTasksOf, dagRunSummaryOf, dagRunViewOf } from '../airflow/runs.ts';
import { json, param, type Route } from '../http/route.ts';
import { valid, wholeNumber } from '../http/validate.ts';

export interface DagRoutesOptions {
  readonly airflow: AirflowClient;
  readonly pages: DagPages;
  /** Told of what was changed here, so that it shows at once. */
  readonly onChange: (changed: Changed) => void;
  /** Told that a DAG file was saved. */
  readonly onSaved: () => void;
}

/** DAGs and their runs. */
export function dagRoutes({ airflow, pages, onChange, onSaved }: DagRoutesOptions): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/dags',
      access: 'admin',
      handle: async (call) => json(await askAirflow(() => pages.dags(call.signal))),
    },
    {
      method: 'GET',
      path: '/v1/dags/import-errors',
      access: 'admin',
      handle: async (call) => json(await askAirflow(() => airflow.importErrors(call.signal))),
    },
    {
      method: 'POST',
      path: '/v1/dags/saved',
      access: 'admin',
      handle: () => {
        onSaved();
        return { kind: 'empty', status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/v1/dags/{dag_id}/params',
      access: 'admin',
      handle: async (call) =>
        json(await askAirflow(() => airflow.dagParams(param(call, 'dag_id'), call.signal))),
    },
    {
      method: 'POST',
      path: '/v1/dags/{dag_id}/pause',
      access: 'admin',
      handle: async (call) => {
        const { paused } = valid(pauseRequest, call.body);
        const dagId = param(call, 'dag_id');
        await askAirflow(() => airflow.setPaused(dagId, paused));
        onChange({ dag_id: dagId });
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
        onChange(run);
        return json(dagRunViewOf(run, [], [], noStructure), 201);
      },
    },
    {
      method: 'GET',
      path: '/v1/dags/{dag_id}/runs/{run_id}',
      access: 'admin',
      handle: async (call) => {
        const [dagId, runId] = [param(call, 'dag_id'), param(call, 'run_id')];
        return json(await askAirflow(() => pages.run(dagId, runId, call.signal)));
      },
    },
    {
      method: 'POST',
      path: '/v1/dags/{dag_id}/runs/{run_id}/clear',
      access: 'admin',
      handle: async (call) => {
        const request = valid(clearRequest, call.body ?? {});
        const [dagId, runId] = [param(call, 'dag_id'), param(call, 'run_id')];
        const dryRun = request.dry_run ?? false;
        // Airflow answers with the states that they have after it.
        const before = dryRun ? [] : await askAirflow(() => airflow.taskInstances(dagId, runId, call.signal));
        const cleared = await askAirflow(() =>
          airflow.clear(dagId, runId, {
            tasks: request.tasks,
            onlyFailed: request.only_failed ?? false,
            downstream: request.downstream ?? true,
            dryRun,
          }),
        );
        if (!dryRun) onChange({ dag_id: dagId, run_id: runId });
        return json(clearedTasksOf(cleared, before));
      },
    },
  ];
}
