import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { Run } from '../app.ts';
import { isOfTarget } from '../choices/ofTarget.ts';
import { clock } from '../format.ts';
import { triesOf } from '../runLogs/tries.ts';
import { comparedUri } from '../runLogs/uri.ts';
import { lookOf, taskName } from '../tree/states.ts';
import { targetOf } from '../tree/target.ts';
import { connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Shows what is other in the logs of two tries of a task. */
export const compareTries: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const tries = await triesFor(client, argument);
  if (!tries) return;
  const [older, newer] = tries;
  const title = `${taskName(older)}: ${l10n.t('try {0}', older.key.try_number)} ↔ ${l10n.t('try {0}', newer.key.try_number)}`;
  const [left, right] = [older, newer].map((run) => comparedUri(app.model.name, run));
  // Whoever provides the documents is loaded.
  await app.logs();
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
};

/** Two tries of the same task, the older first. */
async function triesFor(
  client: ServiceClient,
  argument: unknown,
): Promise<readonly [TaskRun, TaskRun] | undefined> {
  const target = targetOf(argument);
  const { dag_id, run_id } = target;
  const all = (await client.tasks({ dag_id, run_id })).filter((run) => isOfTarget(run, target));
  const isNewestOfSeveral = (run: TaskRun): boolean => {
    const tries = triesOf(all, run);
    return tries.length > 1 && tries.at(-1)?.id === run.id;
  };
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The tries of which task?'),
    only: isNewestOfSeveral,
    none: l10n.t('No task has run more than once.'),
  });
  if (!run) return undefined;
  const siblings = await client.tasks({ dag_id: run.key.dag_id, run_id: run.key.run_id });
  const tries = triesOf(siblings, run);
  if (tries.length < 2) {
    tell(l10n.t('{0} of {1} has run only once: there is nothing to compare.', taskName(run), run.key.dag_id));
    return undefined;
  }
  const [older, newer] = tries.length === 2 ? tries : await chosenOf(tries);
  return older && newer ? [older, newer] : undefined;
}

async function chosenOf(tries: readonly TaskRun[]): Promise<readonly TaskRun[]> {
  const now = Date.now();
  const items = [...tries].reverse().map((run, index) => ({
    run,
    label: l10n.t('try {0}', run.key.try_number),
    description: [lookOf(run).text, run.agent, clock(run.queued, now)]
      .filter((part) => part !== null)
      .join(' · '),
    picked: index < 2,
  }));
  const placeHolder = l10n.t('Which two tries?');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true });
  if (!chosen) return [];
  if (chosen.length !== 2) {
    tell(l10n.t('Two tries can be compared, not {0}.', chosen.length));
    return [];
  }
  return chosen.map(({ run }) => run).sort((a, b) => a.key.try_number - b.key.try_number);
}
