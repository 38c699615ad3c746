import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { sandboxOf } from '../sandbox/rows.ts';
import { taskName } from '../tree/states.ts';
import { connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Opens the folder in which a task ran, or runs: of the row, or of one that the person picks. */
export const openSandbox: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('The sandbox of which task run?'),
    only: ({ mesos_task_id }) => mesos_task_id !== null,
    none: l10n.t('No task has run on this cluster yet.'),
  });
  if (!run) return;
  if (run.mesos_task_id === null) {
    tell(l10n.t('{0} of {1} has no sandbox yet: it waits for an agent.', taskName(run), run.key.dag_id));
    return;
  }
  const sandboxes = await app.sandboxes();
  await sandboxes.open(sandboxOf(app.model.name, run, run.mesos_task_id, Date.now()));
};
