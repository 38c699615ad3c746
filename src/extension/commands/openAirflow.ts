import * as vscode from 'vscode';
import type { Command } from '../app.ts';

/** Opens Airflow in the browser, signed in; through the editor's tunnel where the cluster runs on a remote host. */
export const openAirflow: Command = {
  id: 'mesosAirflow.openAirflow',
  run: async ({ model }) => {
    if (!model.client) {
      void vscode.window.showInformationMessage(`The cluster “${model.name}” is not running.`);
      return;
    }
    const url = await model.client.airflowLogin();
    await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
  },
};
