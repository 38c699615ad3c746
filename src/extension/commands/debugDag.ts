import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Run } from '../app.ts';
import { ask } from '../commandLine/forApp.ts';
import { prepareDebugArguments } from '../commandLine/arguments.ts';
import { dagFolderOf, localFileOf } from '../dagFiles/folder.ts';
import { realPath } from '../dagFiles/realPath.ts';
import { hasPythonDebugger } from '../debug/pythonDebugger.ts';
import { connected, tell } from './connected.ts';
import { dagFor } from './pickDag.ts';

/** What `prepare-debug` prints (ScratchAirflow of src/airflow/scratch.ts). */
const scratch = z.object({
  python: z.string(),
  module: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});

/** Making a database may take so long, where none can be copied. Milliseconds. */
const prepareLimitMs = 120_000;

/** Runs a DAG on this machine as `dag.test()` does, under VS Code's Python debugger, in the cluster's own Python. */
export const debugDag: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const dag = await dagFor(client, argument, {
    placeHolder: l10n.t('Which DAG shall be debugged?'),
    none: l10n.t('Airflow has no DAG yet. A new file takes some seconds until it is seen.'),
  });
  if (!dag || !(await hasPythonDebugger())) return;
  const { dag_id, fileloc } = dag;
  const folder = dagFolderOf(app.model.picture.state?.cluster ?? (await client.cluster()), realPath);
  const file = folder?.here ? localFileOf(folder, fileloc) : undefined;
  if (folder?.here && file === undefined) {
    tell(l10n.t('{0} lies where Airflow runs, not on this machine.', fileloc));
    return;
  }
  // Of a cluster in Docker the command line says why not.
  const { python, module, args, env } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: l10n.t('Debug {0}: an Airflow of its own is made', dag_id),
    },
    () => ask(app, prepareDebugArguments(app.model.name), scratch, prepareLimitMs),
  );
  const uri = vscode.Uri.file(file ?? fileloc);
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), {
    type: 'debugpy',
    request: 'launch',
    name: l10n.t('DAG {0}', dag_id),
    ...{ python, module, env },
    args: [...args, uri.fsPath, dag_id],
    cwd: folder?.local ?? uri.fsPath,
    console: 'integratedTerminal',
    justMyCode: true,
  });
};
