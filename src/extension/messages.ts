import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { codeOf, ExplainedError, messageOf } from '../host/errors.ts';
import { explain, sentences } from './cluster/connection.ts';
import { bothEnds } from './commandLine/detail.ts';

/** What a notification shows of a text; the log has all of it. */
const mostShown = 300;

/**
 * Shows what went wrong, why and what to do next, with the log one click away and remedies as buttons before it. Returns
 * the title of the chosen remedy once the person has seen it.
 */
export async function showError(
  log: vscode.LogOutputChannel,
  error: unknown,
  remedies: readonly string[] = [],
): Promise<string | undefined> {
  // An update, or a new build, has other files than those that this window would load now.
  if (codeOf(error) === 'MODULE_NOT_FOUND') {
    log.error(messageOf(error));
    await offerReload();
    return undefined;
  }
  const parts = explain(error);
  // One that nobody thought of has its stack to explain it.
  if (error instanceof Error && !(error instanceof ExplainedError)) log.error(error);
  else log.error(sentences(parts));
  const why = parts.why === undefined ? undefined : bothEnds(parts.why, mostShown);
  const showLog = l10n.t('Show Log');
  const text = sentences({ ...parts, why });
  const chosen = await vscode.window.showErrorMessage(text, ...remedies, showLog);
  if (chosen === showLog) log.show();
  return chosen === showLog ? undefined : chosen;
}

async function offerReload(): Promise<void> {
  const reload = l10n.t('Reload Window');
  const text = l10n.t('Mesos Airflow was updated while this window was open. Reload the window to go on.');
  if ((await vscode.window.showWarningMessage(text, reload)) !== reload) return;
  await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
