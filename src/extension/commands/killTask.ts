import * as l10n from '@vscode/l10n';
import type { Run } from '../app.ts';
import { killQuestion } from '../choices/questions.ts';
import { isOver, lookOf, taskName } from '../tree/states.ts';
import { confirmed, connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** Kills a task run that has not ended, after saying what is lost. */
export const killTask: Run = async (app, argument) => {
  const client = connected(app);
  if (!client) return;
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('Which task shall be killed?'),
    only: (one) => !isOver(one),
    none: l10n.t('No task runs or waits: there is nothing to kill.'),
  });
  if (!run) return;
  if (isOver(run)) {
    tell(l10n.t('{0} of {1} has ended already: {2}.', taskName(run), run.key.dag_id, lookOf(run).text));
    return;
  }
  if (!(await confirmed(killQuestion(run, Date.now()), l10n.t('Kill')))) return;
  await client.kill(run.id);
  app.log.info(`killed ${taskName(run)} of ${run.key.dag_id} (${run.mesos_task_id ?? run.id})`);
};
