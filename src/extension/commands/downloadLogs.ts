import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { Run } from '../app.ts';
import { downloadLogsArguments } from '../commandLine/arguments.ts';
import { ask } from '../commandLine/forApp.ts';
import { counted } from '../format.ts';
import type { RunAddress } from '../runLogs/uri.ts';
import { taskName } from '../tree/states.ts';
import { targetOf } from '../tree/target.ts';
import { connected, tell } from './connected.ts';
import { runFor } from './pickRun.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** The logs of a thousand tasks from agents far away. Milliseconds. */
const downloadLimitMs = 30 * 60_000;
const downloaded = z.object({ file: z.string(), tries: z.array(z.object({ lacks: z.array(z.string()) })) });

/** Writes the logs of a task run, or of all of a DAG's run, to an archive. */
export const downloadLogs: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const what = await downloadFor(client, argument);
  if (!what) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const chosen = await vscode.window.showSaveDialog({
    title: l10n.t('Download Logs'),
    defaultUri: vscode.Uri.file(path.join(folder, `${what.name.replace(/[^\w.+-]+/g, '_')}.tar.gz`)),
    filters: { [l10n.t('Archives')]: ['gz', 'tgz'] },
  });
  if (!chosen) return;
  const file = /\.(tar\.gz|tgz)$/.test(chosen.fsPath) ? chosen.fsPath : `${chosen.fsPath}.tar.gz`;
  // The dialog has asked about the very name that was chosen, and only about that.
  const args = downloadLogsArguments(app.model.name, what.reference, file, file === chosen.fsPath);
  const { tries } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: l10n.t('Downloading logs') },
    () => ask(app, args, downloaded, downloadLimitMs),
  );
  const lacks = tries.filter((one) => one.lacks.length > 0).length;
  const missing =
    lacks === 0
      ? ''
      : ` ${l10n.t('Of {0} not all could be had: index.json in it says what.', counted(lacks, l10n.t('try'), l10n.t('tries')))}`;
  const show = l10n.t('Show');
  const text = `${l10n.t('The logs are in {0}.', file)}${missing}`;
  if ((await vscode.window.showInformationMessage(text, show)) === show) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  }
};

/** What the command line is to download, and how the file shall be called. */
async function downloadFor(
  client: ServiceClient,
  argument: unknown,
): Promise<{ readonly reference: string; readonly name: string } | undefined> {
  const { dag_id, run_id, task_id } = targetOf(argument);
  if (dag_id !== undefined && run_id !== undefined && task_id === undefined) return ofRun({ dag_id, run_id });
  if (Object.keys(targetOf(argument)).length === 0) {
    const run = await runFor(client, undefined, l10n.t('The logs of which run?'));
    return run && ofRun(run);
  }
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The log of which task run?'),
    only: ({ mesos_task_id }) => mesos_task_id !== null,
    none: l10n.t('No task has run on this cluster yet.'),
  });
  if (!run) return undefined;
  if (run.mesos_task_id === null) {
    tell(l10n.t('{0} of {1} has not been on Mesos yet.', taskName(run), run.key.dag_id));
    return undefined;
  }
  const { key } = run;
  return { reference: run.mesos_task_id, name: `${key.dag_id}-${taskName(run)}-try-${key.try_number}` };
}

function ofRun({ dag_id, run_id }: RunAddress): { reference: string; name: string } {
  return { reference: `${dag_id}/${run_id}`, name: `${dag_id}-${run_id}` };
}
