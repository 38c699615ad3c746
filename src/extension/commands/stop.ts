import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App, Run } from '../app.ts';
import { downArguments } from '../commandLine/arguments.ts';
import { endShown, isBusy } from './busy.ts';
import { confirmed } from './connected.ts';

export const stop: Run = async (app) => {
  if (isBusy(app)) return;
  if (app.model.picture.connection.phase === 'absent') {
    void vscode.window.showInformationMessage(l10n.t('The cluster “{0}” is not running.', app.model.name));
    return;
  }
  if (await confirmedEnd(app, 'stop')) await stopShown(app);
};

/** Asks where work would be lost. */
export async function confirmedEnd({ model }: App, what: 'stop' | 'restart'): Promise<boolean> {
  const counts = model.picture.state?.cluster.counts;
  const active = counts ? counts.running + counts.launched : 0;
  if (active === 0) return true;
  const detail =
    active === 1
      ? l10n.t('1 task run will be killed. What has ended stays.')
      : l10n.t('{0} task runs will be killed. What has ended stays.', active);
  return what === 'stop'
    ? confirmed({ text: l10n.t('Stop the cluster “{0}”?', model.name), detail }, l10n.t('Stop'))
    : confirmed({ text: l10n.t('Restart the cluster “{0}”?', model.name), detail }, l10n.t('Restart'));
}

/** Brings the cluster down with its phases in a notification. */
export async function stopShown(app: App): Promise<void> {
  const args = downArguments(app.model.name);
  await app.leaving.ended(app.model.name);
  await endShown(app, { title: l10n.t('Stopping Mesos Airflow'), phase: l10n.t('Stopping'), args });
}
