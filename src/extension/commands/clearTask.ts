import * as l10n from '@vscode/l10n';
import type { ClearRequest, TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { App, Run } from '../app.ts';
import { clearQuestion } from '../choices/questions.ts';
import { isOver, lookOf, runName, taskName } from '../tree/states.ts';
import { targetOf } from '../tree/target.ts';
import { confirmed, connected, tell } from './connected.ts';
import { taskRunFor } from './pickTaskRun.ts';

/** What shall run again, and how a person calls it. */
interface Clearing {
  readonly dag_id: string;
  readonly run_id: string;
  readonly named: string;
  readonly request: ClearRequest;
}

/** Runs a task again with all that depends on it, after saying how many that are. */
export const clearTask: Run = (app, argument) =>
  clear(app, argument, { verb: l10n.t('Clear'), onlyFailed: false });

/** The same, as it is called where something failed; of a whole run only what failed. */
export const retry: Run = (app, argument) =>
  clear(app, argument, { verb: l10n.t('Retry'), onlyFailed: true });

interface Manner {
  /** The button. */
  readonly verb: string;
  /** Of a whole run. */
  readonly onlyFailed: boolean;
}

async function clear(app: App, argument: unknown, { verb, onlyFailed }: Manner): Promise<void> {
  const client = connected(app);
  if (!client) return;
  const clearing = await clearingOf(client, argument, onlyFailed);
  if (!clearing) return;
  const { dag_id, run_id, named, request } = clearing;
  const planned = await client.clear(dag_id, run_id, { ...request, dry_run: true });
  if (planned.length === 0) {
    tell(l10n.t('There is nothing to run again of {0} of {1}.', named, dag_id));
    return;
  }
  if (!(await confirmed(clearQuestion(clearing, planned, Date.now()), verb))) return;
  const cleared = await client.clear(dag_id, run_id, request);
  await app.ownRuns.add({ cluster: app.model.name, dag_id, run_id, again: true });
  const paused = (await client.dags()).some((dag) => dag.dag_id === dag_id && dag.paused);
  const said =
    cleared.length === 1
      ? l10n.t('1 task of {0} will run again.', dag_id)
      : l10n.t('{0} tasks of {1} will run again.', cleared.length, dag_id);
  tell(
    paused ? `${said} ${l10n.t('{0} is paused: nothing of it begins until it is unpaused.', dag_id)}` : said,
  );
}

/** What Retry is offered for. */
function hasFailed(run: TaskRun): boolean {
  return isOver(run) && ['failed', 'killed', 'lost'].includes(lookOf(run).kind);
}

async function clearingOf(
  client: ServiceClient,
  argument: unknown,
  onlyFailed: boolean,
): Promise<Clearing | undefined> {
  const { dag_id, run_id, task_id, map_index } = targetOf(argument);
  if (dag_id !== undefined && run_id !== undefined) {
    if (task_id === undefined) {
      const run = runName(run_id, Date.now());
      const named = onlyFailed ? l10n.t('what failed of {0}', run) : run;
      return { dag_id, run_id, named, request: { only_failed: onlyFailed } };
    }
    const task = { task_id, ...(map_index === undefined || map_index < 0 ? {} : { map_index }) };
    return { dag_id, run_id, named: task_id, request: { tasks: [task] } };
  }
  const run = await taskRunFor(client, argument, {
    placeHolder: l10n.t('Which task shall run again?'),
    only: onlyFailed ? hasFailed : isOver,
    none: onlyFailed
      ? l10n.t('No task has failed: there is nothing to retry.')
      : l10n.t('No task has ended yet: there is nothing to run again.'),
  });
  if (!run) return undefined;
  const { key } = run;
  const task = { task_id: key.task_id, ...(key.map_index < 0 ? {} : { map_index: key.map_index }) };
  return { dag_id: key.dag_id, run_id: key.run_id, named: taskName(run), request: { tasks: [task] } };
}
