import type { AirflowClient } from '../../airflow/client.ts';
import { triggerRequest } from '../../api/people.ts';
import type { Framework } from '../../framework/framework.ts';
import { DagStructures, noStructure } from '../airflow/dagStructures.ts';
import { airflowCookie, LoginTickets } from '../airflow/login.ts';
import { askAirflow } from '../airflow/problems.ts';
import { dagRunViewOf, dagViews } from '../airflow/runs.ts';
import { FailureLimit } from '../http/failureLimit.ts';
import { HttpProblem } from '../http/problem.ts';
import { json, param, type Call, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';

export interface AirflowRoutesOptions {
  readonly airflow: AirflowClient;
  readonly airflowUrl: string;
  readonly framework: Framework;
  /** The service's own TCP address, where a browser reaches it. */
  readonly serviceUrl: () => string;
}

/** DAGs and runs, as Airflow has them, and the way into its UI. */
export function airflowRoutes(options: AirflowRoutesOptions): Route[] {
  const { airflow, framework } = options;
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
    ...loginRoutes(options),
  ];
}

function loginRoutes({ airflow, airflowUrl, serviceUrl }: AirflowRoutesOptions): Route[] {
  const tickets = new LoginTickets();
  const limit = new FailureLimit(20, 2);
  return [
    {
      method: 'POST',
      path: '/v1/airflow/login',
      access: 'admin',
      handle: async (call) => {
        // Here rather than in the browser: whoever asked shows what is the matter.
        await askAirflow(() => airflow.health(call.signal));
        return json({ url: `${serviceUrl()}/v1/open/airflow?ticket=${tickets.make()}` });
      },
    },
    {
      method: 'GET',
      path: '/v1/open/airflow',
      access: 'open',
      handle: (call: Call) =>
        limit.attempt(async () => {
          if (!tickets.redeem(call.query.get('ticket') ?? '')) {
            throw new HttpProblem(403, {
              error: 'This address has been used, or is more than a minute old',
              next: 'Open Airflow from the editor or by `mesos-airflow open` again.',
            });
          }
          const token = await askAirflow(() => airflow.token(true));
          const headers = { Location: `${airflowUrl}/`, 'Set-Cookie': airflowCookie(token) };
          return { kind: 'empty', status: 303, headers };
        }),
    },
  ];
}
