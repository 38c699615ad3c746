import type * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.ts';
import type { DebugCopies } from './debug/copies.ts';
import type { Emitter } from './emitter.ts';
import type { EngineQuestion } from './engine/question.ts';
import type { Program } from './commandLine/arguments.ts';
import type { ProgressLine } from './commandLine/progress.ts';
import type { Leaving } from './exit/leaving.ts';
import type { LogDocuments } from './logs/documents.ts';
import type { OwnFailures } from './notifications/ownFailures.ts';
import type { OwnRuns } from './notifications/ownRuns.ts';
import type { Recordings } from './recording/recordings.ts';
import type { Reports } from './reports/reports.ts';
import type { Sandboxes } from './sandbox/sandboxes.ts';
import type { ClusterPage } from './page/clusterPage.ts';
import type { Views } from './tree/views.ts';
import type { ClusterChoice } from './windowCluster/choice.ts';
import type { ClusterPicker } from './windowCluster/picker.ts';

/** What every command is given. */
export interface App {
  readonly extensionRoot: string;
  /** The command line as this window's settings have it run. */
  readonly program: () => Program;
  readonly log: vscode.LogOutputChannel;
  /** Which cluster this window is about. */
  readonly which: ClusterChoice;
  readonly model: ClusterModel;
  /** Loaded soon after the window has opened. */
  readonly logs: () => Promise<LogDocuments>;
  /** Loaded when it is asked for. */
  readonly sandboxes: () => Promise<Sandboxes>;
  /** Debug copies of tasks; loaded when the first is asked for. */
  readonly debugCopies: () => Promise<DebugCopies>;
  readonly reports: Reports;
  readonly views: Views;
  readonly clusterPage: ClusterPage;
  /** Recordings that are shown in place of the cluster. */
  readonly recordings: Recordings;
  readonly engineQuestion: EngineQuestion;
  readonly clusterPicker: ClusterPicker;
  /** What becomes of the cluster when the window is closed. */
  readonly leaving: Leaving;
  /** The runs that this person began from this window. */
  readonly ownRuns: OwnRuns;
  readonly ownFailures: OwnFailures;
  /** What is remembered of this workspace. */
  readonly memory: vscode.Memento;
  /** What is remembered for all workspaces. */
  readonly commonMemory: vscode.Memento;
  /** What the command line says while it runs for us. */
  readonly progress: Emitter<ProgressLine>;
}

/** What a command does. `argument`: what it is to act on; where that is not clear the person is asked. */
export type Run = (app: App, argument: unknown) => Promise<void>;
