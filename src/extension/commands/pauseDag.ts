import * as l10n from '@vscode/l10n';
import type { DagView } from '../../api/people.ts';
import type { App, Run } from '../app.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** No new runs of the DAG begin; those that run go on. */
export const pauseDag: Run = (app, argument) => setPaused(app, argument, true);

export const unpauseDag: Run = (app, argument) => setPaused(app, argument, false);

async function setPaused(app: App, argument: unknown, paused: boolean): Promise<void> {
  const client = connected(app);
  if (!client) return;
  const dag = await dagFor(client, argument, {
    placeHolder: paused ? l10n.t('Which DAG shall be paused?') : l10n.t('Which DAG shall run on?'),
    only: (one) => one.paused !== paused,
    none: paused ? l10n.t('There is no DAG that is not paused.') : l10n.t('No DAG is paused.'),
  });
  if (!dag) return;
  await client.setPaused(dag.dag_id, paused);
  tell(saidOf(dag, paused));
}

function saidOf({ dag_id, schedule }: DagView, paused: boolean): string {
  if (paused) {
    return l10n.t('{0} is paused: no task of it begins until it is unpaused; what runs goes on.', dag_id);
  }
  return schedule === null
    ? l10n.t('{0} is not paused any more.', dag_id)
    : l10n.t('{0} is not paused any more: it runs {1}.', dag_id, schedule);
}
