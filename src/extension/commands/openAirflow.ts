import type { Command } from '../app.ts';
import { openInBrowser } from '../external.ts';
import { targetOf } from '../tree/target.ts';
import { connected } from './connected.ts';

/** Opens Airflow in the browser, signed in, at the DAG or run that it is given. */
export const openAirflow: Command = {
  id: 'mesosAirflow.openAirflow',
  run: async (app, argument) => {
    const client = connected(app);
    if (!client) return;
    const { dag_id, run_id } = targetOf(argument);
    await openInBrowser(await client.airflowLogin({ dag_id, run_id }));
  },
};
