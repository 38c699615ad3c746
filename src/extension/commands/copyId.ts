import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { targetOf } from '../tree/target.ts';
import { connected } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** How long the status bar says so (milliseconds). */
const saidMs = 4000;

/** Copies what the row is called where it comes from: Mesos' id of a task, an agent, an offer; Airflow's of a run, a DAG. */
export const copyId: Command = {
  id: 'mesosAirflow.copyId',
  run: async (app, argument) => {
    const id = await idFor(app, argument);
    if (id === undefined) return;
    await vscode.env.clipboard.writeText(id);
    vscode.window.setStatusBarMessage(`Copied ${id}`, saidMs);
  },
};

async function idFor(app: App, argument: unknown): Promise<string | undefined> {
  const { agent_id, framework_id, offer_id, part, task, task_id, run_id, dag_id } = targetOf(argument);
  const known = agent_id ?? framework_id ?? offer_id ?? part;
  if (known !== undefined) return known;
  if (task === undefined && (task_id ?? run_id ?? dag_id) !== undefined) return task_id ?? run_id ?? dag_id;
  const client = connected(app);
  if (!client) return undefined;
  const run = await taskRunFor(client, argument, {
    placeHolder: 'The id of which task run?',
    none: 'No task has run on this cluster yet.',
  });
  // Before its first launch it has none on Mesos.
  return run && (run.mesos_task_id ?? run.id);
}
