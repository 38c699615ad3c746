import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { Disposing } from '../dispose.ts';
import { showError } from '../messages.ts';
import { argumentFor } from './argument.ts';
import { checkPrerequisites } from './checkPrerequisites.ts';
import { chooseCluster } from './chooseCluster.ts';
import { clearTask, retry } from './clearTask.ts';
import { collectDiagnostics } from './collectDiagnostics.ts';
import {
  closeRecording,
  goToTimeInRecording,
  pauseRecording,
  playRecording,
  setRecordingSpeed,
  stepBackInRecording,
  stepForwardInRecording,
} from './controlRecording.ts';
import { copyId } from './copyId.ts';
import { deleteCluster } from './delete.ts';
import { explainWait } from './explainWait.ts';
import { killTask } from './killTask.ts';
import { loadMore } from './loadMore.ts';
import { openAirflow } from './openAirflow.ts';
import { openDagFile } from './openDagFile.ts';
import { openRecording } from './openRecording.ts';
import { saveRecording } from './saveRecording.ts';
import { openMesos } from './openMesos.ts';
import { pauseDag, unpauseDag } from './pauseDag.ts';
import { removeAllData } from './removeAllData.ts';
import { restart } from './restart.ts';
import { showClusterPage } from './showClusterPage.ts';
import { showInTaskRuns } from './showInTaskRuns.ts';
import { showPartLog } from './showPartLog.ts';
import { showServiceLog } from './showServiceLog.ts';
import { showTaskLog } from './showTaskLog.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { clearTaskRunFilter, filterTaskRuns, groupTaskRuns, sortTaskRuns } from './taskRunOptions.ts';
import { triggerDag, triggerDagWithParameters } from './triggerDag.ts';

/** All commands; package.json contributes the same. */
export const commands: readonly Command[] = [
  start,
  stop,
  restart,
  deleteCluster,
  chooseCluster,
  removeAllData,
  openAirflow,
  loadMore,
  filterTaskRuns,
  clearTaskRunFilter,
  groupTaskRuns,
  sortTaskRuns,
  showClusterPage,
  showTaskLog,
  showPartLog,
  showServiceLog,
  triggerDag,
  triggerDagWithParameters,
  killTask,
  clearTask,
  retry,
  pauseDag,
  unpauseDag,
  explainWait,
  copyId,
  openMesos,
  openDagFile,
  showInTaskRuns,
  openRecording,
  saveRecording,
  playRecording,
  pauseRecording,
  stepBackInRecording,
  stepForwardInRecording,
  goToTimeInRecording,
  setRecordingSpeed,
  closeRecording,
  checkPrerequisites,
  collectDiagnostics,
];

export class Commands extends Disposing {
  constructor(app: App) {
    super();
    for (const command of commands) {
      const run = async (given: unknown): Promise<void> => {
        const found = argumentFor(app, given);
        if (found === 'nothing') return;
        if (command.needsTrust && !vscode.workspace.isTrusted) {
          await askForTrust();
          return;
        }
        try {
          await command.run(app, found.argument);
        } catch (error) {
          await showError(app.log, error);
        }
      };
      this.register(vscode.commands.registerCommand(command.id, run));
    }
  }
}

async function askForTrust(): Promise<void> {
  const manage = l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    l10n.t(
      'This workspace is in restricted mode: clusters can be looked at, stopped and deleted, but not started or changed, because that runs its DAG files.',
    ),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
