import * as vscode from 'vscode';
import type { Command } from '../app.ts';

/** Opens the log file of a part of the cluster; its row in the tree names it. */
export const showPartLog: Command = {
  id: 'mesosAirflow.showPartLog',
  run: async (_app, file) => {
    if (typeof file !== 'string') return;
    await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
  },
};
