import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { listClusters, type KnownCluster } from '../../client/discover.ts';
import { messageOf } from '../../host/errors.ts';
import type { Run } from '../app.ts';
import { ask } from '../commandLine/forApp.ts';
import { settingsSection } from '../settings.ts';
import { listedClusters, type ListedCluster } from '../windowCluster/items.ts';
import { isBusy } from './busy.ts';

/** A Docker that hangs must not keep the picker busy for long. */
const listLimitMs = 10_000;

/** Turns the window to another cluster. */
export const chooseCluster: Run = async (app) => {
  const { which, model } = app;
  if (isBusy(app)) return;
  if (which.now.by === 'setting') {
    await tellOfSetting(which.now.name);
    return;
  }
  const listed = ask(app, ['list', '--json'], listedClusters, listLimitMs);
  const known = (await listClusters()).map(listedOf);
  const name = await app.clusterPicker.ask({ own: which.own, present: model.name, known, listed }, (error) =>
    app.log.warn(`The clusters could not be listed: ${messageOf(error)}`),
  );
  if (name !== undefined) await which.choose(name);
};

/** The setting goes before what is chosen: who set it is told so, rather than offered what would do nothing. */
async function tellOfSetting(name: string): Promise<void> {
  const open = l10n.t('Open Settings');
  const chosen = await vscode.window.showInformationMessage(
    l10n.t(
      'The setting mesosAirflow.cluster says “{0}”, and goes before what is chosen here. Empty it to choose.',
      name,
    ),
    open,
  );
  if (chosen !== open) return;
  await vscode.commands.executeCommand('workbench.action.openSettings', `${settingsSection}.cluster`);
}

function listedOf({ name, spec, state }: KnownCluster): ListedCluster {
  return { name, state, engine: spec?.engine ?? null, dags_folder: spec?.airflow.dags_folder ?? null };
}
