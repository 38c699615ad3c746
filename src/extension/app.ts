import type * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import type { Emitter } from './emitter.ts';
import type { ProgressLine } from './commandLine/progress.ts';
import type { LogDocuments } from './logs/documents.ts';

/** What every command is given. */
export interface App {
  readonly extensionRoot: string;
  readonly log: vscode.LogOutputChannel;
  readonly model: ClusterModel;
  readonly logs: LogDocuments;
  /** What the command line says while it runs for us. */
  readonly progress: Emitter<ProgressLine>;
}

export interface Command {
  readonly id: string;
  /** It runs what lies in the workspace: not before the person trusts it. */
  readonly needsTrust?: true;
  readonly run: (app: App, argument: unknown) => Promise<void>;
}
