import * as l10n from '@vscode/l10n';
import type { ClearRequest, TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import type { App, Command } from '../app.ts';
import { clearQuestion } from '../choices/questions.ts';
import { counted } from '../format.ts';
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
export const clearTask: Command = {
  id: 'mesosAirflow.clearTask',
  needsTrust: true,
  run: (app, argument) => clear(app, argument, { verb: 'Clear', onlyFailed: false }),
};

/** The same, as it is called where something failed; of a whole run only what failed. */
export const retry: Command = {
  id: 'mesosAirflow.retry',
  needsTrust: true,
  run: (app, argument) => clear(app, argument, { verb: 'Retry', onlyFailed: true }),
};

interface Manner {
  readonly verb: 'Clear' | 'Retry';
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
    tell(`There is nothing to run again of ${named} of ${dag_id}.`);
    return;
  }
  if (!(await confirmed(clearQuestion(clearing, planned, Date.now()), verb))) return;
  const cleared = await client.clear(dag_id, run_id, request);
  await app.ownRuns.add({ cluster: app.model.name, dag_id, run_id, again: true });
  const paused = (await client.dags()).some((dag) => dag.dag_id === dag_id && dag.paused);
  const waits = paused ? ` ${dag_id} is paused, so they wait until it is unpaused.` : '';
  tell(`${counted(cleared.length, 'task')} of ${dag_id} will run again.${waits}`);
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
      const named = `${onlyFailed ? 'what failed of ' : ''}${runName(run_id, Date.now())}`;
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
