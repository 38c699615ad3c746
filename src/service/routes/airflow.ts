import { loginRequest } from '../../api/people.ts';
import { airflowCookie, airflowPage, LoginTickets } from '../airflow/login.ts';
import { askAirflow } from '../airflow/problems.ts';
import { FailureLimit } from '../http/failureLimit.ts';
import { HttpProblem } from '../http/problem.ts';
import { json, type Call, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';
import { dagRoutes, type DagRoutesOptions } from './dags.ts';

export interface AirflowRoutesOptions extends DagRoutesOptions {
  readonly airflowUrl: string;
  /** The service's own TCP address, where a browser reaches it. */
  readonly serviceUrl: () => string;
}

/** DAGs and runs, as Airflow has them, and the way into its UI. */
export function airflowRoutes(options: AirflowRoutesOptions): Route[] {
  return [...dagRoutes(options), ...loginRoutes(options)];
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
        const page = airflowPage(valid(loginRequest, call.body ?? {}));
        // Here rather than in the browser: whoever asked shows what is the matter.
        await askAirflow(() => airflow.health(call.signal));
        return json({ url: `${serviceUrl()}/v1/open/airflow?ticket=${tickets.make(page)}` });
      },
    },
    {
      method: 'GET',
      path: '/v1/open/airflow',
      access: 'open',
      handle: (call: Call) =>
        limit.attempt(async () => {
          const page = tickets.redeem(call.query.get('ticket') ?? '');
          if (page === undefined) {
            throw new HttpProblem(403, {
              error: 'This address has been used, or is more than a minute old',
              next: 'Open Airflow from the editor or by `mesos-airflow open` again.',
            });
          }
          const token = await askAirflow(() => airflow.token(true));
          const headers = { Location: `${airflowUrl}${page}`, 'Set-Cookie': airflowCookie(token) };
          return { kind: 'empty', status: 303, headers };
        }),
    },
  ];
}
