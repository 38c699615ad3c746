import * as l10n from '@vscode/l10n';
import path from 'node:path';
import * as vscode from 'vscode';
import { findCluster } from '../../client/discover.ts';
import type { Run } from '../app.ts';
import { capture } from '../commandLine/capture.ts';
import { contentsText, type Sources } from '../diagnostics/files.ts';
import { partsOf } from '../diagnostics/parts.ts';
import { redaction } from '../diagnostics/redact.ts';
import { secretsOf } from '../diagnostics/secrets.ts';
import { versionsHere } from '../diagnostics/versions.ts';
import { written } from '../diagnostics/write.ts';
import { readSettings } from '../settings.ts';

/** Of each command. */
const limitMs = 60_000;

/** Writes what helps to find a fault into a folder of the person's choice, without secrets, after saying what. */
export const collectDiagnostics: Run = async (app) => {
  const cluster = await findCluster(app.model.name);
  const parts = partsOf(app, cluster);
  const folder = await chooseFolder(app.model.name, parts);
  if (folder === undefined) return;
  const secrets = await secretsOf(app.model.folder, cluster?.spec ?? undefined);
  const isDone = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Collecting diagnostics'),
      cancellable: true,
    },
    async (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      const sources: Sources = {
        cluster: app.model.name,
        versions: versionsHere(app),
        settings: readSettings(),
        parts,
        run: (args) => capture(app.program(), args, { limitMs, signal: cancel.signal }),
        redact: redaction(secrets),
      };
      return written(folder, sources, cancel.signal, (message) => progress.report({ message }));
    },
  );
  if (isDone) await offerFolder(folder);
};

/** A new folder in the one that the person chooses, who was told what will be in it. */
async function chooseFolder(cluster: string, parts: readonly string[]): Promise<string | undefined> {
  const proceed = l10n.t('Choose Folder…');
  const detail = [
    l10n.t('These files are written into a folder that you choose, and sent nowhere:'),
    contentsText({ cluster, parts }).join('\n'),
    l10n.t(
      'Tokens and passwords are masked, and your variables for Airflow. Names of DAGs, tasks and files are not: look through them before you pass them on.',
    ),
  ].join('\n\n');
  const answer = await vscode.window.showInformationMessage(
    l10n.t('Collect diagnostics?'),
    { modal: true, detail },
    proceed,
  );
  if (answer !== proceed) return undefined;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: l10n.t('Write Diagnostics Here'),
  });
  const instant = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  return chosen?.[0] && path.join(chosen[0].fsPath, `mesos-airflow-${cluster}-${instant}`);
}

async function offerFolder(folder: string): Promise<void> {
  const show = l10n.t('Show Versions');
  const reveal = l10n.t('Open Folder');
  const local = vscode.env.remoteName === undefined;
  const chosen = await vscode.window.showInformationMessage(
    l10n.t('The diagnostics are in {0}.', folder),
    local ? reveal : show,
  );
  const versions = vscode.Uri.file(path.join(folder, 'versions.txt'));
  if (chosen === reveal) await vscode.commands.executeCommand('revealFileInOS', versions);
  if (chosen === show) await vscode.window.showTextDocument(versions, { preview: true });
}
