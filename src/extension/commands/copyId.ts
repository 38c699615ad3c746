import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App, Run } from '../app.ts';
import { isOfTarget, isOneTask } from '../choices/ofTarget.ts';
import { targetOf } from '../tree/target.ts';
import { connected } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** How long the status bar says so (milliseconds). */
const saidMs = 4000;

/** Copies what the row is called where it comes from: Mesos' id of a task, an agent, an offer; Airflow's of a run, a DAG. */
export const copyId: Run = async (app, argument) => {
  const id = await idFor(app, argument);
  if (id === undefined) return;
  await vscode.env.clipboard.writeText(id);
  vscode.window.setStatusBarMessage(`Copied ${id}`, saidMs);
};

async function idFor(app: App, argument: unknown): Promise<string | undefined> {
  const target = targetOf(argument);
  const { task, task_id, run_id, dag_id } = target;
  const { mesos_task_id, agent_id, framework_id, offer_id, part } = target;
  const known = mesos_task_id ?? agent_id ?? framework_id ?? offer_id ?? part;
  if (known !== undefined) return known;
  const named = task_id ?? run_id ?? dag_id;
  if (task === undefined && named !== undefined && !isOneTask(target)) return named;
  const client = connected(app);
  if (!client) return undefined;
  if (isOneTask(target)) {
    // Newest first. What it is called on Mesos is of more use than its name in Airflow, once it has been there.
    const runs = await client.tasks({ dag_id, run_id });
    return runs.find((run) => isOfTarget(run, target))?.mesos_task_id ?? named;
  }
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The id of which task run?'),
    none: l10n.t('No task has run on this cluster yet.'),
  });
  // Before its first launch it has none on Mesos.
  return run && (run.mesos_task_id ?? run.id);
}
