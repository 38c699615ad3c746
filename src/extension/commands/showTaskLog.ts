import * as vscode from 'vscode';
import type { TaskRun } from '../../api/people.ts';
import type { App, Command } from '../app.ts';
import { logUri } from '../logs/uri.ts';
import { lookOf, runName, taskName } from '../tree/states.ts';

/** Opens the log of a task run: of the row that was clicked, or of one that the person picks. */
export const showTaskLog: Command = {
  id: 'mesosAirflow.showTaskLog',
  run: async (app, row) => {
    if (!app.model.client) {
      void vscode.window.showInformationMessage(`The cluster “${app.model.name}” is not running.`);
      return;
    }
    const run =
      typeof row === 'string' ? await app.model.client.task(row.replace(/^taskRun:/, '')) : await pick(app);
    if (run) await app.logs.show(logUri(app.model.name, run));
  },
};

async function pick({ model }: App): Promise<TaskRun | undefined> {
  const runs = (await model.client?.tasks()) ?? [];
  if (runs.length === 0) {
    void vscode.window.showInformationMessage('No task has run on this cluster yet.');
    return undefined;
  }
  const now = Date.now();
  const items = runs.map((run) => ({
    run,
    label: `${taskName(run)} · try ${run.key.try_number}`,
    description: `${run.key.dag_id} · ${runName(run.key.run_id, now)}`,
    detail: [lookOf(run).text, run.agent].filter((part) => part !== null).join(' · '),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: 'The log of which task run?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.run;
}
