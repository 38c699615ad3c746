import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { isOfTarget } from '../choices/ofTarget.ts';
import { lookOf } from '../tree/states.ts';
import type { TaskRunsInput, WhichTask } from './inputs.ts';

const usualLimit = 30;

/** The newest task runs that are as asked for, and whether there are more. */
export async function findTaskRuns(
  client: Pick<ServiceClient, 'tasks'>,
  { dag_id, run_id, task_id, state, limit = usualLimit }: TaskRunsInput,
  signal: AbortSignal,
): Promise<{ readonly runs: readonly TaskRun[]; readonly more: boolean }> {
  const all = await client.tasks({ dag_id, run_id }, { signal });
  const found = all.filter(
    (run) => isOfTarget(run, { task_id }) && (state === undefined || stateMatches(run, state)),
  );
  return { runs: found.slice(0, limit), more: found.length > limit };
}

/** By the word that a person reads; `finished` are also those of which Airflow has said how they ended. */
function stateMatches(run: TaskRun, state: string): boolean {
  return lookOf(run).kind === state || run.state === state;
}

/** The newest task run that is meant, of those that are `wanted` if there are any; undefined: none. */
export async function findTaskRun(
  client: Pick<ServiceClient, 'tasks' | 'task'>,
  { id, ...target }: WhichTask,
  wanted: (run: TaskRun) => boolean,
  signal: AbortSignal,
): Promise<TaskRun | undefined> {
  if (id !== undefined) return client.task(id, { signal });
  const { dag_id, run_id } = target;
  const all = (await client.tasks({ dag_id, run_id }, { signal })).filter((run) => isOfTarget(run, target));
  return all.find(wanted) ?? all[0];
}
