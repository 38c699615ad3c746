import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { connected } from './connected.ts';

/** Opens the Mesos master in the browser; through the editor's tunnel where the cluster runs on a remote host. */
export const openMesos: Command = {
  id: 'mesosAirflow.openMesos',
  run: async (app) => {
    const client = connected(app);
    if (!client) return;
    const { master } = await client.cluster();
    await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(master.url, true)));
  },
};
