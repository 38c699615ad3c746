import type { LoginRequest } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { Run } from '../app.ts';
import { openInBrowser } from '../external.ts';
import { targetOf } from '../tree/target.ts';
import { connected } from './connected.ts';

/** Opens Airflow in the browser, signed in, at the DAG or run of what it is given. */
export const openAirflow: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  await openInBrowser(await client.airflowLogin(await pageOf(client, argument)));
};

async function pageOf(client: ServiceClient, argument: unknown): Promise<LoginRequest> {
  const { task, dag_id, run_id } = targetOf(argument);
  if (task === undefined) return { dag_id, run_id };
  const { key } = await client.task(task);
  return { dag_id: key.dag_id, run_id: key.run_id };
}
