import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Run } from '../app.ts';
import { deleteArguments, holdingsArguments } from '../commandLine/arguments.ts';
import { ask } from '../commandLine/forApp.ts';
import { forgetSocketConsent } from '../engine/dockerSocket.ts';
import { endShown, isBusy } from './busy.ts';

/** What `mesos-airflow delete --dry-run --json` prints. */
const holdings = z.object({
  engine: z.optional(z.string()),
  goes: z.array(z.string()),
  stays: z.array(z.string()),
});
type Holdings = z.infer<typeof holdings>;

/** Sizes are added up for it. */
const holdingsLimitMs = 60_000;

/** Removes the cluster with all that it has stored, after saying what goes. */
export const deleteCluster: Run = async (app) => {
  if (isBusy(app)) return;
  const { name } = app.model;
  const what = await ask(app, holdingsArguments(name), holdings, holdingsLimitMs);
  const answer = await confirmed(name, what);
  if (!answer) return;
  await endShown(app, {
    title: l10n.t('Deleting Mesos Airflow Cluster'),
    phase: l10n.t('Deleting'),
    args: deleteArguments(name, answer.keepImages),
  });
  await forgetSocketConsent(app, name);
  await app.leaving.ended(name);
  void vscode.window.showInformationMessage(l10n.t('The cluster “{0}” is gone.', name));
};

async function confirmed(
  name: string,
  { engine, goes, stays }: Holdings,
): Promise<{ keepImages: boolean } | undefined> {
  const detail = [l10n.t('This removes'), ...goes, '', ...stays].join('\n').trimEnd();
  const all = l10n.t('Delete');
  const keep = l10n.t('Delete, Keep Images');
  const buttons = engine === 'docker' ? [all, keep] : [all];
  const chosen = await vscode.window.showWarningMessage(
    l10n.t('Delete the cluster “{0}”?', name),
    { modal: true, detail },
    ...buttons,
  );
  return chosen === undefined ? undefined : { keepImages: chosen === keep };
}
