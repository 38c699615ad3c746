import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { App, Run } from '../app.ts';
import { recordArguments, type RecordingMask } from '../commandLine/arguments.ts';
import { ask } from '../commandLine/forApp.ts';
import { tell } from './connected.ts';

const limitMs = 120_000;
const saved = z.object({ file: z.string(), changes: z.int() });
const suffix = '.mesos-airflow.jsonl.gz';

/** Saves what happened in the cluster to a file, masked as the person wants it. */
export const saveRecording: Run = async (app) => {
  if (app.recordings.now) {
    tell(l10n.t('This is a recording already, and lies in a file.'));
    return;
  }
  const mask = await askForMask();
  const file = mask && (await askForFile(app));
  if (!mask || !file) return;
  const { changes } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: l10n.t('Saving the recording') },
    () => ask(app, recordArguments(app.model.name, file, mask), saved, limitMs),
  );
  const open = l10n.t('Open Recording');
  const text = l10n.t('The recording, of {0} changes, is in {1}.', changes, file);
  if ((await vscode.window.showInformationMessage(text, open)) === open) {
    await vscode.commands.executeCommand('mesosAirflow.openRecording', vscode.Uri.file(file));
  }
};

async function askForMask(): Promise<RecordingMask | undefined> {
  const items: (vscode.QuickPickItem & { readonly mask: RecordingMask })[] = [
    {
      label: l10n.t('For a bug report'),
      detail: l10n.t(
        'Hosts, users, folders, addresses, other frameworks and free texts are masked; names of DAGs and tasks are not.',
      ),
      mask: 'machines',
    },
    {
      label: l10n.t('For a bug report, names too'),
      detail: l10n.t('Names of DAGs, tasks, runs, files and of the cluster are masked as well.'),
      mask: 'names',
    },
    {
      label: l10n.t('For yourself'),
      detail: l10n.t('Nothing is masked.'),
      mask: 'nothing',
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: l10n.t('Save Recording'),
    placeHolder: l10n.t('Who is to see it?'),
  });
  return chosen?.mask;
}

async function askForFile({ model }: App): Promise<string | undefined> {
  const instant = new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const chosen = await vscode.window.showSaveDialog({
    title: l10n.t('Save Recording'),
    defaultUri: vscode.Uri.file(path.join(folder, `${model.name}-${instant}${suffix}`)),
    filters: { [l10n.t('Recordings of Mesos Airflow')]: ['gz'] },
  });
  if (chosen) await vscode.workspace.fs.delete(chosen).then(undefined, () => undefined);
  return chosen?.fsPath;
}
