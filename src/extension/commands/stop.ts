import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { downArguments } from '../commandLine/arguments.ts';
import { counted } from '../format.ts';
import { endShown, isBusy } from './busy.ts';

export const stop: Command = {
  id: 'mesosAirflow.stop',
  run: async (app) => {
    if (isBusy(app)) return;
    if (app.model.picture.connection.phase === 'absent') {
      void vscode.window.showInformationMessage(`The cluster “${app.model.name}” is not running.`);
      return;
    }
    if (await confirmedEnd(app, 'Stop')) await stopShown(app);
  },
};

/** Asks where work would be lost. `verb`: what the person wants, which is the button too. */
export async function confirmedEnd({ model }: App, verb: 'Stop' | 'Restart'): Promise<boolean> {
  const counts = model.picture.state?.cluster.counts;
  const active = counts ? counts.running + counts.launched : 0;
  if (active === 0) return true;
  const chosen = await vscode.window.showWarningMessage(
    `${verb} the cluster “${model.name}”?`,
    { modal: true, detail: `${counted(active, 'task run')} will be killed. What has ended stays.` },
    verb,
  );
  return chosen === verb;
}

/** Brings the cluster down with its phases in a notification. */
export async function stopShown(app: App): Promise<void> {
  const args = downArguments(app.model.name);
  await app.leaving.ended(app.model.name);
  await endShown(app, { title: 'Stopping Mesos Airflow', phase: 'Stopping', args });
}
