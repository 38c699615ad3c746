import fs from 'node:fs';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findCluster } from '../../client/discover.ts';
import { ExplainedError } from '../../host/errors.ts';
import type { App } from '../app.ts';
import { readSettings } from '../settings.ts';
import { dagsFolderOf, folderWithDags, workspaceOfDags } from './dagsFolder.ts';

/** Where a cluster is started from. */
export interface StartPlace {
  /** Whose settings count; undefined in an empty window. */
  readonly scope: vscode.Uri | undefined;
  /** Its requirements.txt and .env count. */
  readonly cwd: string | undefined;
  /** Undefined: as the command line has it. Throws ExplainedError where the setting names none that is there. */
  readonly dagsFolder: () => string | undefined;
}

/** Where from, asked only where it cannot be told. Undefined where the person did not want to choose. */
export async function startPlace({ model, which }: App): Promise<StartPlace | undefined> {
  const dags = (await findCluster(model.name))?.spec?.airflow.dags_folder;
  // One of another workspace stays what it is: it was chosen to be looked at, not to get this one's DAGs.
  if (which.now.by === 'person' && dags !== undefined && isFolder(dags)) {
    const [first] = vscode.workspace.workspaceFolders ?? [];
    return { scope: first?.uri, cwd: workspaceOfDags(dags), dagsFolder: () => dags };
  }
  const folder = await folderToStart(dags);
  if (folder === 'cancelled') return undefined;
  return { scope: folder, cwd: folder?.fsPath, dagsFolder: () => dagsFolderIn(folder) };
}

/** The workspace folder to start in; undefined in an empty window. */
async function folderToStart(before: string | undefined): Promise<vscode.Uri | undefined | 'cancelled'> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return undefined;
  const document = vscode.window.activeTextEditor?.document.uri;
  const index = folderWithDags(
    folders.map(({ uri }) => ({ root: uri.fsPath, setting: readSettings(uri).dagsFolder })),
    { before, active: document && vscode.workspace.getWorkspaceFolder(document)?.index, isFolder },
  );
  if (index !== undefined) return folders[index]?.uri;
  const chosen = await vscode.window.showWorkspaceFolderPick({
    placeHolder: l10n.t('Which folder holds the DAGs to run?'),
  });
  return chosen?.uri ?? 'cancelled';
}

function dagsFolderIn(folder: vscode.Uri | undefined): string | undefined {
  const dags = dagsFolderOf(folder?.fsPath, readSettings(folder).dagsFolder, isFolder);
  if (dags === undefined || isFolder(dags)) return dags;
  throw new DagsFolderMissing(dags);
}

/** The setting names a folder that is not there. */
class DagsFolderMissing extends ExplainedError {
  constructor(folder: string) {
    super(l10n.t('There is no DAG folder {0}', folder), {
      why: l10n.t('the setting mesosAirflow.dagsFolder names it'),
      next: l10n.t('Make it, or change the setting.'),
    });
    this.name = 'DagsFolderMissing';
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
