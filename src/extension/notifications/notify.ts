import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { taskRunItems } from '../choices/taskRuns.ts';
import { retry } from '../commands/clearTask.ts';
import { connected, tell } from '../commands/connected.ts';
import { Disposing } from '../dispose.ts';
import { logUri } from '../logs/uri.ts';
import { showError } from '../messages.ts';
import { settingsSection } from '../settings.ts';
import { runName } from '../tree/states.ts';
import { Failures } from './failures.ts';
import { failedTaskRuns } from './failedTask.ts';
import type { OwnRun } from './ownRuns.ts';
import { failureText } from './words.ts';

const setting = 'notifications';

/** The one place that notifies of what happens by itself: runs that this person began, and that failed. */
export class Notifications extends Disposing {
  constructor(app: App) {
    super();
    const failures = this.register(
      new Failures(app.model, app.ownRuns, {
        wanted: () => vscode.workspace.getConfiguration(settingsSection).get(setting) !== 'none',
        tell: (failed) => {
          app.ownFailures.note(failed.length);
          tellOf(app, failed).catch((error: unknown) => showError(app.log, error));
        },
      }),
    );
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${settingsSection}.${setting}`)) failures.look();
      }),
    );
  }
}

async function tellOf(app: App, failed: readonly OwnRun[]): Promise<void> {
  const showLog = l10n.t('Show Log');
  const again = l10n.t('Retry');
  const never = l10n.t('Don’t Show Again');
  const text = failureText(failed, Date.now());
  const chosen = await vscode.window.showErrorMessage(text, showLog, again, never);
  if (chosen === showLog) await showLogOf(app, failed);
  if (chosen === again) await retryOne(app, failed);
  if (chosen === never) {
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    await configuration.update(setting, 'none', vscode.ConfigurationTarget.Global);
  }
}

async function showLogOf(app: App, failed: readonly OwnRun[]): Promise<void> {
  const client = connected(app);
  if (!client) return;
  const views = await Promise.all(failed.map(({ dag_id, run_id }) => client.dagRun(dag_id, run_id)));
  const runs = views.flatMap(failedTaskRuns);
  const [first] = runs;
  if (!first) {
    tell(l10n.t('No task of it ran on Mesos: Airflow tells why it failed.'));
    return;
  }
  const items = taskRunItems(runs, Date.now());
  const placeHolder = l10n.t('The log of which failed task?');
  const run = runs.length === 1 ? first : (await vscode.window.showQuickPick(items, { placeHolder }))?.run;
  if (run) await (await app.logs()).show(logUri(app.model.name, run));
}

async function retryOne(app: App, failed: readonly OwnRun[]): Promise<void> {
  const items = failed.map((run) => ({
    run,
    label: run.dag_id,
    description: runName(run.run_id, Date.now()),
  }));
  const placeHolder = l10n.t('What failed of which run shall run again?');
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  if (chosen) await retry(app, { dag_id: chosen.run.dag_id, run_id: chosen.run.run_id });
}
