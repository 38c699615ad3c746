import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App, Run } from '../app.ts';
import { purgeQuestion } from '../choices/purgeQuestion.ts';
import { ask } from '../commandLine/forApp.ts';
import { purgeArguments, purgePlan, purgePlanArguments } from '../commandLine/purge.ts';
import { endShown, isBusy } from './busy.ts';
import { confirmed, tell } from './connected.ts';

/** Sizes are added up, and Docker is asked. */
const planLimitMs = 120_000;

/** Ends and deletes all clusters of this user, and removes all else that was stored, after saying what. */
export const removeAllData: Run = async (app) => {
  if (isBusy(app)) return;
  const title = l10n.t('Looking what there is to remove');
  const plan = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => ask(app, purgePlanArguments, purgePlan, planLimitMs),
  );
  const remembered = app.memory.keys().length + app.commonMemory.keys().length;
  const { clusters, caches, images } = plan;
  if (clusters.length + caches.length + images.length + remembered === 0) {
    tell(l10n.t('There is nothing to remove.'));
    return;
  }
  if (!(await confirmed(purgeQuestion(plan), l10n.t('Remove All Data')))) return;
  await endShown(app, {
    title: l10n.t('Removing All Data of Mesos Airflow'),
    phase: l10n.t('Removing'),
    args: purgeArguments,
  });
  await forgetAll(app);
  tell(l10n.t('All data of Mesos Airflow is gone. The extension can be uninstalled.'));
};

/** What the extension itself remembers, of this workspace and for all. */
async function forgetAll({ memory, commonMemory }: App): Promise<void> {
  for (const each of [memory, commonMemory]) for (const key of each.keys()) await each.update(key, undefined);
}
