import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import { tell } from './connected.ts';

/** Shows a recording in place of the cluster. `argument`: its address, where a program names it. */
export const openRecording: Run = async ({ recordings }, argument) => {
  const file = argument instanceof vscode.Uri ? argument : await chosen();
  if (!file) return;
  const { cutOff } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: l10n.t('Opening the recording') },
    () => recordings.open(file.fsPath),
  );
  if (cutOff) tell(l10n.t('The recording is cut off or damaged: it is shown as far as it goes.'));
  await vscode.commands.executeCommand('mesosAirflow.taskRuns.focus');
};

async function chosen(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: l10n.t('Open Recording'),
    openLabel: l10n.t('Open Recording'),
    filters: { [l10n.t('Recordings of Mesos Airflow')]: ['gz'] },
  });
  return files?.[0];
}
