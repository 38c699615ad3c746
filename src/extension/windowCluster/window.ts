import * as vscode from 'vscode';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { settingsSection } from '../settings.ts';
import type { Absence } from './absence.ts';
import type { ClusterChoice } from './choice.ts';
import type { Workspace } from './ownName.ts';

/** What is open in this window. A workspace of several folders that was never saved has no file of its own. */
export function openedWorkspace(): Workspace {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const file = workspaceFile?.scheme === 'untitled' ? undefined : workspaceFile;
  return { file, folders: workspaceFolders.map(({ uri }) => uri) };
}

/** Turns the window to the cluster that it is to be about, as soon as that is another. */
export class WindowCluster extends Disposing {
  constructor(which: ClusterChoice, model: ClusterModel, absence: Absence) {
    super();
    const turn = (): void => model.use(which.now.name);
    this.register(which.onDidChoose(turn));
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(turn));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingsSection)) turn();
      }),
    );
    // Others may have come or gone while the person was elsewhere.
    this.register(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) void absence.look();
      }),
    );
  }
}
