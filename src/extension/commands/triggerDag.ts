import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DagParam, DagView } from '../../api/people.ts';
import { ServiceProblem } from '../../client/errors.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { App, Run } from '../app.ts';
import { defaultsText, descriptionOf, parametersIn } from '../choices/parameters.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** Starts a run of a DAG: at once, or with parameters where the DAG declares any. */
export const triggerDag: Run = (app, argument) => trigger(app, argument, 'where declared');

/** Starts a run of a DAG with parameters, declared or not. */
export const triggerDagWithParameters: Run = (app, argument) => trigger(app, argument, 'always');

async function trigger(app: App, argument: unknown, asks: 'always' | 'where declared'): Promise<void> {
  const client = connected(app);
  if (!client) return;
  const dag = await dagFor(client, argument, {
    placeHolder: l10n.t('Which DAG shall run?'),
    none: l10n.t('Airflow has no DAG yet. A new file takes some seconds until it is seen.'),
  });
  if (!dag) return;
  const { dag_id } = dag;
  const params = await declared(client, dag_id);
  let conf = {};
  if (asks === 'always' || params.length > 0) {
    const text = await askParameters(app, dag, params);
    if (text === undefined) return;
    const parameters = parametersIn(text);
    // The input box does not let one through.
    if ('problem' in parameters) return;
    ({ conf } = parameters);
    // Also of a run that Airflow refuses: what was written is corrected rather than written again.
    await app.memory.update(memoryKey(app, dag_id), text === defaultsText(params) ? undefined : text);
  }
  const { run_id } = await client.trigger(dag_id, { conf });
  await app.ownRuns.add({ cluster: app.model.name, dag_id, run_id, again: false });
  const words = [l10n.t('{0} runs: {1}', dag_id, run_id)];
  if (dag.paused) {
    const { schedule } = dag;
    words.push(
      schedule === null
        ? l10n.t('It is not paused any more.')
        : l10n.t('It is not paused any more: it also runs {0}.', schedule),
    );
  }
  tell(words.join(' · '));
}

async function declared(client: ServiceClient, dagId: string): Promise<DagParam[]> {
  try {
    return await client.dagParams(dagId);
  } catch (error) {
    // A service of before this was asked: it triggers all the same.
    if (error instanceof ServiceProblem && error.status === 404) return [];
    throw error;
  }
}

/** What the person wrote, which is parameters; undefined where it was cancelled. */
async function askParameters(
  app: App,
  { dag_id, paused }: DagView,
  params: readonly DagParam[],
): Promise<string | undefined> {
  const prompt = [
    params.length > 0
      ? l10n.t('The run’s parameters as JSON; what is left out keeps its default.')
      : l10n.t('The run’s parameters as JSON; empty for none.'),
    ...(paused ? [l10n.t('The DAG is paused: triggering unpauses it.')] : []),
    descriptionOf(params),
  ];
  return vscode.window.showInputBox({
    title: l10n.t('Trigger {0}', dag_id),
    prompt: prompt.filter((part) => part !== '').join(' '),
    value: app.memory.get(memoryKey(app, dag_id), defaultsText(params)),
    placeHolder: '{}',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const parameters = parametersIn(value);
      return 'problem' in parameters ? parameters.problem : undefined;
    },
  });
}

function memoryKey({ model }: App, dagId: string): string {
  return `parameters of ${model.name}/${dagId}`;
}
