import { setImmediate as nextTurn } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { reviveBy, watchBy } from './cluster/commandLineLinks.ts';
import { ClusterModel } from './cluster/model.ts';
import { PartWatch } from './cluster/partWatch.ts';
import { commandLineProgram, type Program } from './commandLine/arguments.ts';
import type { ProgressLine } from './commandLine/progress.ts';
import { runCommand } from './commands/run.ts';
import type { Command } from './commands/table.ts';
import { ContextKeys } from './contextKeys.ts';
import type { DebugCopies } from './debug/copies.ts';
import { Emitter } from './emitter.ts';
import { EngineQuestion } from './engine/question.ts';
import { Leaving } from './exit/leaving.ts';
import type { LogDocuments } from './logs/documents.ts';
import type { logSources } from './logSources.ts';
import { logSchemes } from './logs/schemes.ts';
import { OwnFailures } from './notifications/ownFailures.ts';
import { OwnRuns } from './notifications/ownRuns.ts';
import { showError } from './messages.ts';
import { Recordings } from './recording/recordings.ts';
import { Reports } from './reports/reports.ts';
import { sandboxMemory } from './sandbox/memory.ts';
import type { Sandboxes } from './sandbox/sandboxes.ts';
import { ClusterPage } from './page/clusterPage.ts';
import { readSettings } from './settings.ts';
import { StatusBar } from './statusBar.ts';
import type { Answers } from './tools/answers.ts';
import type { TreeView } from './tree/treeView.ts';
import { StartElsewhere } from './start/elsewhere.ts';
import { Views } from './tree/views.ts';
import { Absence } from './windowCluster/absence.ts';
import { ClusterChoice } from './windowCluster/choice.ts';
import { ClusterPicker } from './windowCluster/picker.ts';
import { StoppedNotice } from './windowCluster/stoppedNotice.ts';
import { openedWorkspace, WindowCluster } from './windowCluster/window.ts';

/** The extension in a window, behind what is registered at once. */
export interface Window {
  readonly app: App;
  readonly statusBar: StatusBar;
  /** What nobody waits for is there too. */
  readonly complete: Promise<void>;
  runCommand(command: Command, given: unknown): Promise<void>;
  /** For language models. */
  answers(): Promise<Answers>;
}

/** Follows the window's cluster and shows it. `treeViews`: all views of the window. */
export function openWindow(context: vscode.ExtensionContext, treeViews: readonly TreeView[]): Window {
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
  let logs: Promise<LogDocuments> | undefined;
  let sandboxes: Promise<Sandboxes> | undefined;
  let debugCopies: Promise<DebugCopies> | undefined;
  const app: App = {
    extensionRoot,
    program,
    log,
    which,
    model,
    logs: () => (logs ??= logDocuments(context.workspaceState, model, program).then(own)),
    sandboxes: () =>
      (sandboxes ??= import('./sandbox/sandboxes.ts').then((module) => own(new module.Sandboxes(app)))),
    debugCopies: () =>
      (debugCopies ??= import('./debug/copies.ts').then((module) => own(new module.DebugCopies()))),
    reports: own(new Reports()),
    views: own(new Views(treeViews, model, context.workspaceState, (error) => void showError(log, error))),
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
  own(new WindowCluster(which, model, absence));
  own(new StartElsewhere(model));
  own(new StoppedNotice(() => model.name, absence, context.globalState));
  let answers: Promise<Answers> | undefined;
  return {
    app,
    statusBar,
    complete: inTurn([
      // Also of logs that were open before a reload somebody must know whether they are in view.
      () => app.logs(),
      async () => own(new (await import('./logs/offers.ts')).LogOffers(await app.logs(), logSchemes)),
      async () => own(new (await import('./dagFiles/dagFiles.ts')).DagFiles(model)),
      async () => own(new (await import('./notifications/notify.ts')).Notifications(app)),
      async () => own(new (await import('./interpreter/offer.ts')).InterpreterOffer(app)),
      async () => own(new (await import('./logMarks/colors.ts')).LogColors(await app.logs())),
      async () => own(new (await import('./logMarks/contextKeys.ts')).LogContextKeys(await app.logs())),
      async () => own(new (await import('./logMarks/links.ts')).LogLinks(model, await app.logs())),
      async () => own(new (await import('./logMarks/viewStatus.ts')).LogViewStatus(await app.logs())),
      // Those that were open in this workspace are again.
      async () => app.memory.get(sandboxMemory) !== undefined && app.sandboxes(),
    ]),
    runCommand: (command, given) => runCommand(app, command, given),
    answers: () => (answers ??= import('./tools/answers.ts').then(({ Answers }) => new Answers(app))),
  };
}

/** One after the other, with time for what else the editor runs in between. */
async function inTurn(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) {
    await nextTurn();
    await step();
  }
}

async function logDocuments(
  memory: vscode.Memento,
  ...from: Parameters<typeof logSources>
): Promise<LogDocuments> {
  const [{ LogDocuments }, { logSources }] = await Promise.all([
    import('./logs/documents.ts'),
    import('./logSources.ts'),
  ]);
  return new LogDocuments(logSources(...from), memory);
}
