import * as vscode from 'vscode';
import type { App } from './app.ts';
import { ClusterModel } from './cluster/model.ts';
import { Commands } from './commands/table.ts';
import type { ProgressLine } from './commandLine/progress.ts';
import { ContextKeys } from './contextKeys.ts';
import { Emitter } from './emitter.ts';
import { LogDocuments } from './logs/documents.ts';
import { readSettings, settingsSection } from './settings.ts';
import { StatusBar } from './statusBar.ts';
import { ClusterTree } from './tree/provider.ts';

/** What tests in the extension host look at, where a person looks at the screen. */
export interface TestView {
  readonly tree: ClusterTree;
  readonly statusBar: StatusBar;
  readonly progress: Emitter<ProgressLine>;
}

export function activate(context: vscode.ExtensionContext): TestView | undefined {
  const own = <T extends { dispose(): unknown }>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = own(vscode.window.createOutputChannel('Mesos Airflow', { log: true }));
  const model = own(new ClusterModel(readSettings().cluster));
  const app: App = {
    extensionRoot: context.extensionUri.fsPath,
    log,
    model,
    logs: own(new LogDocuments(() => model.client)),
    progress: own(new Emitter<ProgressLine>()),
  };
  own(new ContextKeys(model));
  const statusBar = own(new StatusBar(model));
  const tree = own(new ClusterTree(model));
  own(new Commands(app));
  own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingsSection)) model.use(readSettings().cluster);
    }),
  );
  const testing = context.extensionMode === vscode.ExtensionMode.Test;
  return testing ? { tree, statusBar, progress: app.progress } : undefined;
}
