import fs from 'node:fs';
import os from 'node:os';
import * as vscode from 'vscode';
import { ExplainedError } from '../../host/errors.ts';
import type { App, Command } from '../app.ts';
import { commandLineProgram, upArguments } from '../commandLine/arguments.ts';
import { CancelledError, runCommandLine } from '../commandLine/run.ts';
import { RunningPhases } from '../commandLine/runningPhases.ts';
import { readSettings } from '../settings.ts';
import { dagsFolderOf } from '../workspaceFolder.ts';
import { openAirflow } from './openAirflow.ts';

export const start: Command = {
  id: 'mesosAirflow.start',
  needsTrust: true,
  run: async (app) => {
    if (app.model.picture.starting) {
      void vscode.window.showInformationMessage('The cluster is being started already.');
      return;
    }
    const place = await chooseFolder();
    if (place === 'cancelled') return;
    await vscode.commands.executeCommand('mesosAirflow.cluster.focus');
    try {
      await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: 'Starting Mesos Airflow',
          cancellable: true,
        },
        (progress, token) => up(app, place, progress, token),
      );
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      app.log.info('Cancelled; what had been started was ended again.');
      return;
    } finally {
      app.model.setStarting(undefined);
      app.model.look();
    }
    void offerAirflow(app);
  },
};

async function up(
  app: App,
  folder: vscode.Uri | undefined,
  progress: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
): Promise<void> {
  const settings = readSettings(folder);
  const args = upArguments({
    name: settings.cluster,
    dagsFolder: dagsFolderFor(folder, settings.dagsFolder),
    agents: settings.agents,
    cpus: settings.cpus,
    mem: settings.mem,
  });
  const phases = new RunningPhases();
  const cancel = new AbortController();
  token.onCancellationRequested(() => {
    progress.report({ message: 'cancelled, ending what was started …' });
    cancel.abort();
  });
  app.model.setStarting({ phase: 'Starting', detail: '' });
  app.log.info(`mesos-airflow ${args.join(' ')}`);
  await runCommandLine(commandLineProgram(app.extensionRoot, settings.nodePath), args, {
    cwd: folder?.fsPath ?? os.homedir(),
    signal: cancel.signal,
    onText: (line) => app.log.debug(line),
    onProgress: (line) => {
      app.progress.fire(line);
      if (line.type === 'notice') app.log.warn(line.text);
      if (line.type !== 'phase') return;
      if (line.state !== 'running') app.log.info(`${line.phase}: ${line.state} · ${line.detail}`);
      const now = phases.after(line);
      app.model.setStarting(now);
      if (!cancel.signal.aborted) {
        progress.report({ message: now.detail === '' ? now.phase : `${now.phase} · ${now.detail}` });
      }
    },
  });
}

function dagsFolderFor(folder: vscode.Uri | undefined, setting: string): string | undefined {
  const isFolder = (file: string): boolean =>
    fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const dags = dagsFolderOf(folder?.fsPath, setting, isFolder);
  if (dags === undefined || isFolder(dags)) return dags;
  throw new ExplainedError(`There is no DAG folder ${dags}`, {
    why: 'the setting mesosAirflow.dagsFolder names it',
    next: 'Make it, or change the setting.',
  });
}

/** The workspace folder to start in; undefined in an empty window. */
async function chooseFolder(): Promise<vscode.Uri | undefined | 'cancelled'> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0]?.uri;
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && vscode.workspace.getWorkspaceFolder(active);
  if (own) return own.uri;
  const chosen = await vscode.window.showWorkspaceFolderPick({
    placeHolder: 'Which folder holds the DAGs to run?',
  });
  return chosen?.uri ?? 'cancelled';
}

async function offerAirflow(app: App): Promise<void> {
  const open = 'Open Airflow';
  const chosen = await vscode.window.showInformationMessage('The Mesos Airflow cluster is ready.', open);
  if (chosen === open) await openAirflow.run(app, undefined);
}
