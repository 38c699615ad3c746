import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Command } from '../app.ts';
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
export const deleteCluster: Command = {
  id: 'mesosAirflow.delete',
  run: async (app) => {
    if (isBusy(app)) return;
    const { name } = app.model;
    const what = await ask(app, holdingsArguments(name), holdings, holdingsLimitMs);
    const answer = await confirmed(name, what);
    if (!answer) return;
    await endShown(app, {
      title: 'Deleting Mesos Airflow Cluster',
      phase: 'Deleting',
      args: deleteArguments(name, answer.keepImages),
    });
    await forgetSocketConsent(app, name);
    await app.leaving.ended(name);
    void vscode.window.showInformationMessage(`The cluster “${name}” is gone.`);
  },
};

async function confirmed(
  name: string,
  { engine, goes, stays }: Holdings,
): Promise<{ keepImages: boolean } | undefined> {
  const detail = ['This removes', ...goes, '', ...stays].join('\n').trimEnd();
  const all = 'Delete';
  const keep = 'Delete, Keep Images';
  const buttons = engine === 'docker' ? [all, keep] : [all];
  const chosen = await vscode.window.showWarningMessage(
    `Delete the cluster “${name}”?`,
    { modal: true, detail },
    ...buttons,
  );
  return chosen === undefined ? undefined : { keepImages: chosen === keep };
}
