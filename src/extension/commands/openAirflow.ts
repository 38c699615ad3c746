import * as vscode from 'vscode';
import type { LoginRequest } from '../../api/people.ts';
import type { Command } from '../app.ts';
import { targetOf } from '../tree/target.ts';

/** Opens Airflow in the browser, signed in, at the DAG or run that it is given; through the editor's tunnel where the cluster runs on a remote host. */
export const openAirflow: Command = {
  id: 'mesosAirflow.openAirflow',
  run: async ({ model }, argument) => {
    if (!model.client) {
      void vscode.window.showInformationMessage(`The cluster “${model.name}” is not running.`);
      return;
    }
    const url = await model.client.airflowLogin(pageOf(argument));
    await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
  },
};

function pageOf(argument: unknown): LoginRequest {
  const { dag_id, run_id } = targetOf(argument);
  return { dag_id, run_id };
}
