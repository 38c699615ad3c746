import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
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

/** The task run of the row; without one, that which the person picks. Undefined: none. */
export async function taskRunFor(
  client: ServiceClient,
  argument: unknown,
  { placeHolder, only = () => true, none }: Wanted,
): Promise<TaskRun | undefined> {
  const { task } = targetOf(argument);
  if (task !== undefined) return client.task(task);
  const runs = (await client.tasks()).filter(only);
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
