import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ClusterView, ImportError } from '../../api/people.ts';
import type { App, Run } from '../app.ts';
import { definitionLine } from '../dagFiles/definitions.ts';
import { dagFolderOf, localFileOf, type DagFolder } from '../dagFiles/folder.ts';
import { problemsOf, type Place } from '../dagFiles/problems.ts';
import { realPath } from '../dagFiles/realPath.ts';
import { uriOf } from '../dagFiles/uri.ts';
import { targetOf } from '../tree/target.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** Opens the file of a DAG where it is defined, or of an import error at its line. */
export const openDagFile: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const { file, line } = targetOf(argument);
  if (file !== undefined) {
    const folder = folderOf(app.model.picture.state?.cluster ?? (await client.cluster()));
    const place = folder && (placeOfError(app, file, line, folder) ?? placeOf(file, line, folder));
    await open(file, place, folder);
    return;
  }
  const dag = await dagFor(client, argument, {
    placeHolder: l10n.t('The file of which DAG?'),
    none: l10n.t('Airflow has no DAG yet. A new file takes some seconds until it is seen.'),
  });
  if (!dag) return;
  const folder = folderOf(app.model.picture.state?.cluster ?? (await client.cluster()));
  await open(dag.fileloc, folder && placeOf(dag.fileloc, undefined, folder), folder, dag.dag_id);
};

function folderOf(cluster: ClusterView): DagFolder | undefined {
  return dagFolderOf(cluster, realPath);
}

/** Where its Problem stands. */
function placeOfError(
  { model }: App,
  file: string,
  line: number | undefined,
  folder: DagFolder,
): Place | undefined {
  const isIt = (error: ImportError): boolean => error.file === file && (error.line ?? undefined) === line;
  const error = model.picture.state?.importErrors?.find(isIt);
  return error && problemsOf([error], folder)[0];
}

/** `line` counts from 1. */
function placeOf(file: string, line: number | undefined, folder: DagFolder): Place | undefined {
  const local = localFileOf(folder, file);
  return local === undefined ? undefined : { file: local, line: Math.max(0, (line ?? 1) - 1) };
}

/** `named`: as Airflow has it. `dagId`: at its definition. */
async function open(
  named: string,
  place: Place | undefined,
  folder: DagFolder | undefined,
  dagId?: string,
): Promise<void> {
  if (!place || !folder) {
    tell(l10n.t('{0} lies where Airflow runs, not on this machine.', named));
    return;
  }
  const document = await opened(place.file, folder);
  if (!document) {
    tell(l10n.t('{0} cannot be read. It may have been moved or deleted a moment ago.', place.file));
    return;
  }
  const line = dagId === undefined ? place.line : definitionLine(document.getText(), dagId);
  const start = new vscode.Position(Math.min(line, document.lineCount - 1), 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
}

async function opened(file: string, folder: DagFolder): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uriOf(file, folder));
  } catch {
    // The editor says only that it could not.
    return undefined;
  }
}
