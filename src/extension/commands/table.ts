import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import { Disposing } from '../dispose.ts';

export interface Command {
  /** It runs what lies in the workspace: not before the person trusts it. */
  readonly needsTrust?: true;
  /** What it does is loaded when it is called. */
  readonly load: () => Promise<Run>;
}

/** All commands `mesosAirflow.<name>`; package.json contributes the same. */
export const commands: Readonly<Record<string, Command>> = {
  start: { needsTrust: true, load: async () => (await import('./start.ts')).start },
  stop: { load: async () => (await import('./stop.ts')).stop },
  restart: { needsTrust: true, load: async () => (await import('./restart.ts')).restart },
  delete: { load: async () => (await import('./delete.ts')).deleteCluster },
  chooseCluster: { load: async () => (await import('./chooseCluster.ts')).chooseCluster },
  removeAllData: { load: async () => (await import('./removeAllData.ts')).removeAllData },
  openAirflow: { load: async () => (await import('./openAirflow.ts')).openAirflow },
  loadMore: { load: async () => (await import('./loadMore.ts')).loadMore },
  filterTaskRuns: { load: async () => (await import('./taskRunOptions.ts')).filterTaskRuns },
  clearTaskRunFilter: { load: async () => (await import('./taskRunOptions.ts')).clearTaskRunFilter },
  groupTaskRuns: { load: async () => (await import('./taskRunOptions.ts')).groupTaskRuns },
  sortTaskRuns: { load: async () => (await import('./taskRunOptions.ts')).sortTaskRuns },
  showClusterPage: { load: async () => (await import('./showClusterPage.ts')).showClusterPage },
  showTaskLog: { load: async () => (await import('./showTaskLog.ts')).showTaskLog },
  followInTerminal: { load: async () => (await import('./followInTerminal.ts')).followInTerminal },
  openShell: { needsTrust: true, load: async () => (await import('./openShell.ts')).openShell },
  openSandbox: { load: async () => (await import('./openSandbox.ts')).openSandbox },
  openSandboxFile: { load: async () => (await import('./sandboxFiles.ts')).openSandboxFile },
  openSandboxFileAsLog: { load: async () => (await import('./sandboxFiles.ts')).openSandboxFileAsLog },
  downloadFromSandbox: { load: async () => (await import('./sandboxFiles.ts')).downloadFromSandbox },
  refreshSandboxes: { load: async () => (await import('./sandboxFiles.ts')).refreshSandboxes },
  closeSandbox: { load: async () => (await import('./sandboxFiles.ts')).closeSandbox },
  showRunLogs: { load: async () => (await import('./showRunLogs.ts')).showRunLogs },
  compareTries: { load: async () => (await import('./compareTries.ts')).compareTries },
  downloadLogs: { load: async () => (await import('./downloadLogs.ts')).downloadLogs },
  showPartLog: { load: async () => (await import('./showPartLog.ts')).showPartLog },
  filterLog: { load: async () => (await import('./logView.ts')).filterLog },
  clearLogFilter: { load: async () => (await import('./logView.ts')).clearLogFilter },
  chooseLogStream: { load: async () => (await import('./logView.ts')).chooseLogStream },
  showServiceLog: { load: async () => (await import('./showServiceLog.ts')).showServiceLog },
  loadEarlierLog: { load: async () => (await import('./logWindow.ts')).loadEarlierLog },
  openLogAtOffset: { load: async () => (await import('./logWindow.ts')).openLogAtOffset },
  goToLogEnd: { load: async () => (await import('./logWindow.ts')).goToLogEnd },
  followNextTry: { load: async () => (await import('./logWindow.ts')).followNextTry },
  triggerDag: { needsTrust: true, load: async () => (await import('./triggerDag.ts')).triggerDag },
  triggerDagWithParameters: {
    needsTrust: true,
    load: async () => (await import('./triggerDag.ts')).triggerDagWithParameters,
  },
  killTask: { needsTrust: true, load: async () => (await import('./killTask.ts')).killTask },
  clearTask: { needsTrust: true, load: async () => (await import('./clearTask.ts')).clearTask },
  retry: { needsTrust: true, load: async () => (await import('./clearTask.ts')).retry },
  debugDag: { needsTrust: true, load: async () => (await import('./debugDag.ts')).debugDag },
  debugTask: { needsTrust: true, load: async () => (await import('./debugTask.ts')).debugTask },
  pauseDag: { needsTrust: true, load: async () => (await import('./pauseDag.ts')).pauseDag },
  unpauseDag: { needsTrust: true, load: async () => (await import('./pauseDag.ts')).unpauseDag },
  explainWait: { load: async () => (await import('./explainWait.ts')).explainWait },
  copyId: { load: async () => (await import('./copyId.ts')).copyId },
  openMesos: { load: async () => (await import('./openMesos.ts')).openMesos },
  openDagFile: { load: async () => (await import('./openDagFile.ts')).openDagFile },
  showInTaskRuns: { load: async () => (await import('./showInTaskRuns.ts')).showInTaskRuns },
  openRecording: { load: async () => (await import('./openRecording.ts')).openRecording },
  saveRecording: { load: async () => (await import('./saveRecording.ts')).saveRecording },
  playRecording: { load: async () => (await import('./controlRecording.ts')).playRecording },
  pauseRecording: { load: async () => (await import('./controlRecording.ts')).pauseRecording },
  stepBackInRecording: { load: async () => (await import('./controlRecording.ts')).stepBackInRecording },
  stepForwardInRecording: {
    load: async () => (await import('./controlRecording.ts')).stepForwardInRecording,
  },
  goToTimeInRecording: { load: async () => (await import('./controlRecording.ts')).goToTimeInRecording },
  setRecordingSpeed: { load: async () => (await import('./controlRecording.ts')).setRecordingSpeed },
  closeRecording: { load: async () => (await import('./controlRecording.ts')).closeRecording },
  checkPrerequisites: { load: async () => (await import('./checkPrerequisites.ts')).checkPrerequisites },
  collectDiagnostics: { load: async () => (await import('./collectDiagnostics.ts')).collectDiagnostics },
};

/** Registers them at once. */
export class Commands extends Disposing {
  /** `window`: what runs them, which may still be loading. */
  constructor(
    window: () => Promise<{ readonly runCommand: (command: Command, given: unknown) => Promise<void> }>,
  ) {
    super();
    for (const [name, command] of Object.entries(commands)) {
      const run = async (given: unknown): Promise<void> => (await window()).runCommand(command, given);
      this.register(vscode.commands.registerCommand(`mesosAirflow.${name}`, run));
    }
  }
}
