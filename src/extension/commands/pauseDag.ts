import type { App, Command } from '../app.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** No new runs of the DAG begin; those that run go on. */
export const pauseDag: Command = {
  id: 'mesosAirflow.pauseDag',
  needsTrust: true,
  run: (app, argument) => setPaused(app, argument, true),
};

export const unpauseDag: Command = {
  id: 'mesosAirflow.unpauseDag',
  needsTrust: true,
  run: (app, argument) => setPaused(app, argument, false),
};

async function setPaused(app: App, argument: unknown, paused: boolean): Promise<void> {
  const client = connected(app);
  if (!client) return;
  const dag = await dagFor(client, argument, {
    placeHolder: paused ? 'Which DAG shall be paused?' : 'Which DAG shall run on?',
    only: (one) => one.paused !== paused,
    none: paused ? 'There is no DAG that is not paused.' : 'No DAG is paused.',
  });
  if (!dag) return;
  await client.setPaused(dag.dag_id, paused);
  tell(
    paused
      ? `${dag.dag_id} is paused: no task of it begins until it is unpaused; what runs goes on.`
      : `${dag.dag_id} is not paused any more${dag.schedule === null ? '' : `: it runs ${dag.schedule}`}.`,
  );
}
