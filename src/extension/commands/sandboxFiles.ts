import os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { App, Run } from '../app.ts';
import { sandboxGetArguments } from '../commandLine/arguments.ts';
import { CommandLineError } from '../commandLine/errors.ts';
import { ask } from '../commandLine/forApp.ts';
import { sandboxLogUri } from '../runLogs/uri.ts';
import { mostFileBytes } from '../sandbox/errors.ts';
import { nameOf, placeOf, type Place } from '../sandbox/place.ts';
import { uriOf } from '../sandbox/uri.ts';
import { confirmed, connected, tell } from './connected.ts';

/** A sandbox of some gigabytes from an agent far away. Milliseconds. */
const copyLimitMs = 30 * 60_000;
const copied = z.object({ path: z.string(), files: z.int(), left_out: z.array(z.string()) });

/** Opens a file of a sandbox; one that is too large for an editor as a log. */
export const openSandboxFile: Run = async (app, argument) => {
  const place = placeFor(argument);
  if (!place) return;
  const { files } = (await app.sandboxes()).fileSystem;
  if ((await files.entry(place)).size > mostFileBytes) await openAsLog(app, place);
  else await vscode.commands.executeCommand('vscode.open', uriOf(place), { preview: true });
};

/** Opens a file as a log, which is followed and shown a part at a time. */
export const openSandboxFileAsLog: Run = async (app, argument) => {
  const place = placeFor(argument);
  if (place) await openAsLog(app, place);
};

export const refreshSandboxes: Run = async (app) => {
  (await app.sandboxes()).view?.refresh();
};

/** Takes a sandbox out of the Explorer. */
export const closeSandbox: Run = async (app, argument) => {
  const place = placeFor(argument);
  if (place) await (await app.sandboxes()).close(place);
};

/** Copies a file or folder of a sandbox, or all of it, to a folder that the person chooses. */
export const downloadFromSandbox: Run = async (app, argument) => {
  const place = placeFor(argument);
  if (!place) return;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Download {0}', place.path === '' ? place.title : nameOf(place.path)),
      openLabel: l10n.t('Download Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir()),
    })) ?? [];
  if (!chosen) return;
  const done = await copy(app, place, chosen.fsPath, false);
  if (!done) return;
  const links =
    done.left_out.length === 0 ? '' : ` ${l10n.t('Links were left out: {0}.', done.left_out.join(', '))}`;
  const show = l10n.t('Show');
  const text = `${l10n.t('Downloaded to {0}.', done.path)}${links}`;
  if ((await vscode.window.showInformationMessage(text, show)) === show) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(done.path));
  }
};

/** Undefined: the person does not want what is there replaced. */
async function copy(
  app: App,
  { cluster, task, path }: Place,
  to: string,
  force: boolean,
): Promise<z.infer<typeof copied> | undefined> {
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: l10n.t('Downloading from the sandbox') },
      () => ask(app, sandboxGetArguments({ cluster, task, path, to, force }), copied, copyLimitMs),
    );
  } catch (error) {
    if (force || !(error instanceof CommandLineError) || error.kind !== 'AlreadyThere') throw error;
    const detail = l10n.t('Files of the same names are replaced; what else is there stays.');
    if (!(await confirmed({ text: `${error.message}.`, detail }, l10n.t('Replace')))) return undefined;
    return copy(app, { cluster, task, path, title: '' }, to, true);
  }
}

async function openAsLog(app: App, { cluster, task, title, path }: Place): Promise<void> {
  if (!connected(app)) return;
  if (cluster !== app.model.name) {
    tell(l10n.t('It is of the cluster “{0}”, which this window does not show', cluster));
    return;
  }
  await (await app.logs()).show(sandboxLogUri(cluster, task, title, path));
}

function placeFor(argument: unknown): Place | undefined {
  return typeof argument === 'string' ? placeOf(argument) : undefined;
}
