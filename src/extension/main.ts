import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { reviveBy, watchBy } from './cluster/commandLineLinks.ts';
import { ClusterModel } from './cluster/model.ts';
import { PartWatch } from './cluster/partWatch.ts';
import { commandLineProgram, type Program } from './commandLine/arguments.ts';
import type { ProgressLine } from './commandLine/progress.ts';
import { Commands } from './commands/table.ts';
import { ContextKeys } from './contextKeys.ts';
import { Emitter } from './emitter.ts';
import { DagFiles } from './dagFiles/dagFiles.ts';
import { EngineQuestion } from './engine/question.ts';
import { Leaving } from './exit/leaving.ts';
import { LogDocuments } from './logs/documents.ts';
import { logSources } from './logs/open.ts';
import { InterpreterOffer } from './interpreter/offer.ts';
import { Notifications } from './notifications/notify.ts';
import { OwnFailures } from './notifications/ownFailures.ts';
import { OwnRuns } from './notifications/ownRuns.ts';
import { showError } from './messages.ts';
import { Recordings } from './recording/recordings.ts';
import { Reports } from './reports/reports.ts';
import { ClusterPage } from './page/clusterPage.ts';
import { readSettings } from './settings.ts';
import { StatusBar } from './statusBar.ts';
import { Tools } from './tools/register.ts';
import { StartElsewhere } from './start/elsewhere.ts';
import { Views } from './tree/views.ts';
import { Absence } from './windowCluster/absence.ts';
import { ClusterChoice } from './windowCluster/choice.ts';
import { ClusterPicker } from './windowCluster/picker.ts';
import { StoppedNotice } from './windowCluster/stoppedNotice.ts';
import { openedWorkspace, WindowCluster } from './windowCluster/window.ts';

/** What tests in the extension host look at, where a person looks at the screen. */
export interface TestView {
  readonly model: ClusterModel;
  readonly views: Views;
  readonly recordings: Recordings;
  readonly clusterPage: ClusterPage;
  readonly statusBar: StatusBar;
  readonly progress: Emitter<ProgressLine>;
  readonly engineQuestion: EngineQuestion;
  readonly clusterPicker: ClusterPicker;
  /** Which cluster the window is about. */
  readonly which: ClusterChoice;
  readonly leaving: Leaving;
}

export function activate(context: vscode.ExtensionContext): TestView | undefined {
  // English needs no bundle.
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const own = <T extends { dispose(): unknown }>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const extensionRoot = context.extensionUri.fsPath;
  const program = (): Program => commandLineProgram(extensionRoot, readSettings().nodePath);
  const log = own(vscode.window.createOutputChannel('Mesos Airflow', { log: true }));
  const which = new ClusterChoice({
    workspace: openedWorkspace,
    setting: () => readSettings().cluster,
    memory: context.workspaceState,
  });
  const model = own(new ClusterModel(which.now.name, reviveBy(program)));
  model.onDidAttach((ms) => log.info(`${model.name}: attached in ${Math.round(ms)} ms`));
  const absence = own(new Absence(model));
  const engineQuestion = own(new EngineQuestion());
  const app: App = {
    extensionRoot,
    program,
    log,
    which,
    model,
    logs: own(new LogDocuments(logSources(() => model.client, program))),
    reports: own(new Reports()),
    views: own(new Views(model, context.workspaceState, (error) => void showError(log, error))),
    clusterPage: own(new ClusterPage(model, log, extensionRoot)),
    recordings: own(new Recordings({ model, program, log, cluster: () => which.now.name })),
    engineQuestion,
    leaving: own(new Leaving({ model, cluster: () => which.now.name, program, log, context })),
    clusterPicker: own(new ClusterPicker()),
    ownRuns: own(new OwnRuns(context.workspaceState)),
    ownFailures: own(new OwnFailures()),
    memory: context.workspaceState,
    commonMemory: context.globalState,
    progress: own(new Emitter<ProgressLine>()),
  };
  own(new ContextKeys(model, absence));
  own(
    new PartWatch(model, {
      watch: watchBy(program, (line) => log.info(line)),
      onEnd: (why) => log.warn(`mesos-airflow watch: ${why}`),
    }),
  );
  const statusBar = own(new StatusBar(model, absence, app.ownFailures));
  own(app.views.taskRuns.view.onDidChangeVisibility(({ visible }) => visible && app.ownFailures.seen()));
  own(app.views.taskRuns.view.onDidChangeSelection(() => app.ownFailures.seen()));
  own(new Commands(app));
  own(new DagFiles(model));
  own(new Notifications(app));
  own(new InterpreterOffer(app));
  own(new Tools(app));
  own(new WindowCluster(which, model, absence));
  own(new StartElsewhere(model));
  own(new StoppedNotice(() => model.name, absence, context.globalState));
  const testing = context.extensionMode === vscode.ExtensionMode.Test;
  if (!testing) return undefined;
  const { views, recordings, clusterPage, progress, clusterPicker, leaving } = app;
  return {
    model,
    views,
    recordings,
    clusterPage,
    statusBar,
    progress,
    engineQuestion,
    clusterPicker,
    which,
    leaving,
  };
}
