import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { isOfTarget, isOneTask } from '../choices/ofTarget.ts';
import { taskRunItems } from '../choices/taskRuns.ts';
import { targetOf } from '../tree/target.ts';
import { tell } from './connected.ts';

interface Wanted {
  readonly placeHolder: string;
  /** Those that can be chosen; all where it is left out. */
  readonly only?: (run: TaskRun) => boolean;
  /** Said where there is none of these. */
  readonly none: string;
}

/**
 * The task run of the row: of a task instance its newest that can be chosen. Of a run, a mapped task or a DAG that which
 * the person picks; without a row from all. Undefined: none.
 */
export async function taskRunFor(
  client: ServiceClient,
  argument: unknown,
  { placeHolder, only = () => true, none }: Wanted,
): Promise<TaskRun | undefined> {
  const target = targetOf(argument);
  if (target.task !== undefined) return client.task(target.task);
  const { dag_id, run_id } = target;
  // Newest first.
  const all = (await client.tasks({ dag_id, run_id })).filter((run) => isOfTarget(run, target));
  const runs = all.filter(only);
  const [newest] = all;
  if (isOneTask(target)) {
    if (!newest) tell(l10n.t('{0} of {1} has not been on Mesos yet.', target.task_id ?? '', dag_id ?? ''));
    // One that cannot be chosen, too: the command says why.
    return runs[0] ?? newest;
  }
  if (runs.length === 0) {
    tell(none);
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(taskRunItems(runs, Date.now()), {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.run;
}
