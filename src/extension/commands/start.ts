import fs from 'node:fs';
import * as vscode from 'vscode';
import { ExplainedError } from '../../host/errors.ts';
import type { App, Command } from '../app.ts';
import { commandLineProgram, upArguments, upVariables } from '../commandLine/arguments.ts';
import { CancelledError } from '../commandLine/errors.ts';
import { runWithPhases } from '../commandLine/forApp.ts';
import { remediesFor, remedyTitles } from '../commandLine/remedies.ts';
import { RunningPhases } from '../commandLine/runningPhases.ts';
import { secretReferences } from '../commandLine/secrets.ts';
import { mayUseSocket } from '../engine/dockerSocket.ts';
import type { EngineName } from '../engine/facts.ts';
import { chooseEngine } from '../engine/inquire.ts';
import { showError } from '../messages.ts';
import { readSettings, settingsSection, type Settings } from '../settings.ts';
import { dagsFolderOf } from '../workspaceFolder.ts';
import { isBusy } from './busy.ts';
import { openAirflow } from './openAirflow.ts';
import { showPartLog } from './showPartLog.ts';

export const start: Command = {
  id: 'mesosAirflow.start',
  needsTrust: true,
  run: async (app) => {
    if (isBusy(app)) return;
    const folder = await chooseFolder();
    if (folder === 'cancelled') return;
    let settings = readSettings(folder);
    const chosen = await chooseEngine(app, settings);
    if (!chosen) return;
    let { engine } = chosen;
    for (;;) {
      if (!(await mayUseSocket(app, settings, engine))) return;
      try {
        if (await startShown(app, { folder, settings, engine })) void offerAirflow(app);
        return;
      } catch (error) {
        const titles = remediesFor(error, { ...chosen, engine }).map((remedy) => remedyTitles[remedy]);
        const remedy = await showError(app.log, error, titles);
        if (remedy === remedyTitles.settings) {
          await vscode.commands.executeCommand('workbench.action.openSettings', settingsSection);
        }
        if (remedy === remedyTitles.partLog) await showPartLog.run(app, undefined);
        if (remedy === remedyTitles.embedded) engine = 'embedded';
        else if (remedy !== remedyTitles.retry) return;
        // They may have been what was wrong.
        settings = readSettings(folder);
      }
    }
  },
};

interface StartOf {
  readonly folder: vscode.Uri | undefined;
  readonly settings: Settings;
  readonly engine: EngineName | 'auto';
}

/** Starts it with its phases in a notification. Returns whether it stands: false where the person cancelled. */
async function startShown(app: App, of: StartOf): Promise<boolean> {
  await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Starting Mesos Airflow', cancellable: true },
      (progress, token) => up(app, of, progress, token),
    );
    return true;
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    app.log.info('Cancelled; what had been started was ended again.');
    return false;
  } finally {
    app.model.setStarting(undefined);
    app.model.look();
  }
}

async function up(
  app: App,
  { folder, settings, engine }: StartOf,
  progress: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
): Promise<void> {
  const { cluster: name, agents, cpus, mem, docker } = settings;
  const dagsFolder = dagsFolderFor(folder, settings.dagsFolder);
  const secrets = secretReferences(settings.secrets);
  const choices = { name, engine, dagsFolder, agents, cpus, mem, docker, secrets };
  const program = commandLineProgram(app.extensionRoot, settings.nodePath);
  const phases = new RunningPhases();
  const cancel = new AbortController();
  token.onCancellationRequested(() => {
    progress.report({ message: 'cancelled, ending what was started …' });
    cancel.abort();
  });
  const known = engine === 'auto' ? {} : { engine };
  app.model.setStarting({ ...known, phase: 'Starting', detail: '' });
  await runWithPhases(app, upArguments(choices), {
    program: { ...program, env: { ...program.env, ...upVariables(choices) } },
    ...(folder ? { cwd: folder.fsPath } : {}),
    signal: cancel.signal,
    onPhase: (line) => {
      const now = phases.after(line);
      app.model.setStarting({ ...known, ...now });
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
