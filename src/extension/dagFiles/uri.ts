import * as vscode from 'vscode';
import { belowOf, type DagFolder } from './folder.ts';

/** By the name under which it is open, where that is by another way through links; else by that of the DAG folder. */
export function uriOf(file: string, folder: DagFolder): vscode.Uri {
  const below = belowOf(folder, file);
  if (below === undefined) return vscode.Uri.file(file);
  const open = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === 'file' && belowOf(folder, uri.fsPath) === below,
  );
  return open?.uri ?? vscode.Uri.file(file);
}
