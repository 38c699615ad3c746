import os from 'node:os';
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { commandLineProgram, downArguments } from '../commandLine/arguments.ts';
import { runCommandLine } from '../commandLine/run.ts';
import { counted } from '../format.ts';
import { readSettings } from '../settings.ts';

export const stop: Command = {
  id: 'mesosAirflow.stop',
  run: async (app) => {
    if (app.model.picture.connection.phase === 'absent') {
      void vscode.window.showInformationMessage(`The cluster “${app.model.name}” is not running.`);
      return;
    }
    if (!(await confirmed(app))) return;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Stopping Mesos Airflow' },
      (progress) => down(app, progress),
    );
    app.model.look();
  },
};

/** Asks where work would be lost. */
async function confirmed({ model }: App): Promise<boolean> {
  const counts = model.picture.state?.cluster.counts;
  const active = counts ? counts.running + counts.launched : 0;
  if (active === 0) return true;
  const stopAll = 'Stop';
  const chosen = await vscode.window.showWarningMessage(
    `Stop the cluster “${model.name}”?`,
    { modal: true, detail: `${counted(active, 'task run')} will be killed. What has ended stays.` },
    stopAll,
  );
  return chosen === stopAll;
}

async function down(app: App, progress: vscode.Progress<{ message?: string }>): Promise<void> {
  const args = downArguments(app.model.name);
  app.log.info(`mesos-airflow ${args.join(' ')}`);
  await runCommandLine(commandLineProgram(app.extensionRoot, readSettings().nodePath), args, {
    cwd: os.homedir(),
    signal: new AbortController().signal,
    onText: (line) => app.log.debug(line),
    onProgress: (line) => {
      app.progress.fire(line);
      if (line.type === 'phase') progress.report({ message: line.detail === '' ? line.phase : line.detail });
    },
  });
}
