import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { parametersIn } from '../choices/parameters.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** Starts a run of a DAG, with parameters that are offered again the next time. */
export const triggerDag: Command = {
  id: 'mesosAirflow.triggerDag',
  needsTrust: true,
  run: async (app, argument) => {
    const client = connected(app);
    if (!client) return;
    const dag = await dagFor(client, argument, {
      placeHolder: 'Which DAG shall run?',
      none: 'Airflow has no DAG yet. A new file takes some seconds until it is seen.',
    });
    if (!dag) return;
    const { dag_id } = dag;
    const text = await askParameters(app, dag_id, dag.paused);
    if (text === undefined) return;
    const parameters = parametersIn(text);
    // The input box does not let one through.
    if ('problem' in parameters) return;
    const { run_id } = await client.trigger(dag_id, { conf: parameters.conf });
    await app.memory.update(memoryKey(app, dag_id), text);
    tell(`${dag_id} runs: ${run_id}`);
  },
};

/** What the person wrote, which is parameters; undefined where it was cancelled. */
async function askParameters(app: App, dagId: string, paused: boolean): Promise<string | undefined> {
  const unpaused = paused ? ' It is paused: triggering unpauses it.' : '';
  return vscode.window.showInputBox({
    title: `Trigger ${dagId}`,
    prompt: `The run’s parameters as JSON; empty for none.${unpaused}`,
    value: app.memory.get(memoryKey(app, dagId), ''),
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
