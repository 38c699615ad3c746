import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { counted } from '../format.ts';
import type { RunAddress } from '../runLogs/uri.ts';
import { runName } from '../tree/states.ts';
import { targetOf } from '../tree/target.ts';
import { tell } from './connected.ts';

/** The run of the row, or of a task's row; else one that the person picks. */
export async function runFor(
  client: ServiceClient,
  argument: unknown,
  placeHolder: string,
): Promise<RunAddress | undefined> {
  const { dag_id, run_id, task } = targetOf(argument);
  if (dag_id !== undefined && run_id !== undefined) return { dag_id, run_id };
  if (task !== undefined) return (await client.task(task)).key;
  const runs = new Map<string, { run: RunAddress; tasks: TaskRun[] }>();
  // Newest first.
  for (const one of await client.tasks({ dag_id })) {
    const key = `${one.key.dag_id}/${one.key.run_id}`;
    const known = runs.get(key) ?? { run: one.key, tasks: [] };
    known.tasks.push(one);
    runs.set(key, known);
  }
  if (runs.size === 0) {
    tell(l10n.t('No task has run on this cluster yet.'));
    return undefined;
  }
  const items = [...runs.values()].map(({ run, tasks }) => ({
    run,
    label: run.dag_id,
    description: runName(run.run_id, Date.now()),
    detail: counted(tasks.length, l10n.t('task run'), l10n.t('task runs')),
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return chosen?.run;
}
