import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { openShellTerminal } from '../terminals/open.ts';
import { isOver, lookOf, taskName } from '../tree/states.ts';
import { connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Opens a shell in the sandbox of a task that runs. */
export const openShell: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('A shell in the sandbox of which task?'),
    only: ({ state }) => state === 'running',
    none: l10n.t('No task runs: a shell is opened beside a task that does.'),
  });
  if (!run) return;
  if (run.state !== 'running') {
    const [name, { text }] = [taskName(run), lookOf(run)];
    tell(
      isOver(run)
        ? l10n.t('{0} of {1} has ended already: {2}. A shell ends with its task.', name, run.key.dag_id, text)
        : l10n.t('{0} of {1} does not run yet: {2}.', name, run.key.dag_id, text),
    );
    return;
  }
  openShellTerminal(client, run);
  app.log.info(`shell in ${taskName(run)} of ${run.key.dag_id} (${run.mesos_task_id ?? run.id})`);
};
