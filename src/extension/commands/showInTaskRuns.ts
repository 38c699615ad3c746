import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import type { RowTree } from '../tree/rowTree.ts';
import { dagRowId, runRowId, targetOf } from '../tree/target.ts';

/** How long rows may take to come that have to be asked for (milliseconds). */
const limitMs = 5000;
const lookAgainMs = 50;

/** Shows a DAG's run where its tasks are, in the view Task Runs. */
export const showInTaskRuns: Run = async ({ views }, argument) => {
  const { dag_id, run_id } = targetOf(argument);
  const tree = views.taskRuns;
  if (!tree.view.visible) await vscode.commands.executeCommand(`${tree.id}.focus`);
  if (dag_id === undefined || run_id === undefined) return;
  if (await reveal(tree, dag_id, run_id)) return;
  const openAirflow = l10n.t('Open in Airflow');
  const text = l10n.t(
    '{0} is not among the rows of Task Runs now: they are filtered, or not grouped by DAG, or it is older.',
    run_id,
  );
  if ((await vscode.window.showInformationMessage(text, openAirflow)) === openAirflow) {
    await vscode.commands.executeCommand('mesosAirflow.openAirflow', { dag_id, run_id });
  }
};

/** Returns whether there is such a row. */
async function reveal(tree: RowTree, dagId: string, runId: string): Promise<boolean> {
  const [dag, run] = [dagRowId(dagId), runRowId(dagId, runId)];
  if (!(await hasRow(tree, dag, () => isLoading(tree)))) return false;
  await tree.view.reveal(dag, { select: false, expand: true });
  if (!(await hasRow(tree, run, () => isLoading(tree, dag)))) return false;
  await tree.view.reveal(run, { select: true, expand: true });
  return true;
}

/** Waits for a row while it may still come. */
async function hasRow(tree: RowTree, id: string, mayCome: () => boolean): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!tree.outline.rows.has(id)) {
    if (!mayCome() || performance.now() > end) return false;
    await delay(lookAgainMs);
  }
  return true;
}

/** Whether the rows below one, or the top ones, are still asked for. */
function isLoading({ outline }: RowTree, id?: string): boolean {
  const ids = id === undefined ? outline.roots : outline.rows.get(id)?.children;
  return ids === undefined || ids.length === 0 || ids.some((child) => child.startsWith('loading:'));
}
