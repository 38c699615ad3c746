import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';

/** Opens the log of the cluster's service. */
export const showServiceLog: Command = {
  id: 'mesosAirflow.showServiceLog',
  run: async ({ model }) => {
    const file = path.join(model.folder.logs, 'service.log');
    if (!fs.existsSync(file)) {
      void vscode.window.showInformationMessage(`The cluster “${model.name}” has not been started yet.`);
      return;
    }
    await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
  },
};
