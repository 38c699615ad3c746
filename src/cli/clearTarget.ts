import type { ClearRequest, DagRunView } from '../api/people.ts';
import { ServiceProblem } from '../client/errors.ts';
import type { ServiceClient } from '../client/serviceClient.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';
import { parseTaskReference, type TaskReference } from './taskReference.ts';
import { findTask } from './tasks.ts';

/** Of which run what is to run again; without `tasks` all of it. */
export interface ClearTarget {
  readonly dag_id: string;
  readonly run_id: string;
  readonly tasks?: NonNullable<ClearRequest['tasks']>;
}

type Key = Extract<TaskReference, { kind: 'key' }>;

/**
 * What a person named: `DAG/RUN`, `DAG/RUN/TASK[/MAP_INDEX]` (a try behind it is passed over: tries are not cleared), or
 * a Mesos task id. Tasks that never reached Mesos count too. Throws CommandError: usage (2), notFound (4).
 */
export async function findClearTarget(client: ServiceClient, text: string): Promise<ClearTarget> {
  const [dag_id = '', ...rest] = text.split('/');
  if (rest.length === 0 && dag_id !== '') {
    const { key } = await findTask(client, text);
    return targetOf(key, key.task_id, key.map_index);
  }
  if (dag_id === '' || rest.some((part) => part === '')) throw noName(text);
  const run_id = rest.join('/');
  if (rest.length === 1) return { dag_id, run_id };
  const reference = parseTaskReference(text);
  const named = reference?.kind === 'key' ? await taskTarget(client, reference) : undefined;
  // A run id may hold slashes.
  if (named) return named;
  if (await runOf(client, dag_id, run_id)) return { dag_id, run_id };
  throw new CommandError(exitCodes.notFound, `There is no run and no task ${text}`, {
    next: `See those that there are: mesos-airflow tasks --dag ${dag_id}`,
  });
}

/** Undefined where there is no such run, or no such task in it. */
async function taskTarget(client: ServiceClient, reference: Key): Promise<ClearTarget | undefined> {
  const { dag_id, run_id, task_id, map_index } = reference;
  const run = await runOf(client, dag_id, run_id);
  const indexes = run?.tasks.filter((task) => task.task_id === task_id).map((task) => task.map_index) ?? [];
  if (indexes.length === 0) return undefined;
  const isMapped = indexes.some((index) => index >= 0);
  // One number behind a task that is not mapped is its try.
  if (map_index === undefined || !isMapped) return targetOf(reference, task_id, -1);
  if (indexes.includes(map_index)) return targetOf(reference, task_id, map_index);
  throw new CommandError(exitCodes.notFound, `${task_id} has no instance ${map_index} in this run`, {
    why: `it has ${indexes.length}, counted from 0`,
  });
}

async function runOf(client: ServiceClient, dagId: string, runId: string): Promise<DagRunView | undefined> {
  try {
    return await client.dagRun(dagId, runId);
  } catch (error) {
    if (error instanceof ServiceProblem && error.status === 404) return undefined;
    throw error;
  }
}

function targetOf(run: Pick<ClearTarget, 'dag_id' | 'run_id'>, task_id: string, index: number): ClearTarget {
  const { dag_id, run_id } = run;
  return { dag_id, run_id, tasks: [index < 0 ? { task_id } : { task_id, map_index: index }] };
}

function noName(text: string): CommandError {
  return new CommandError(exitCodes.usage, `${JSON.stringify(text)} names neither a run nor a task`, {
    next: 'Give DAG/RUN, DAG/RUN/TASK[/MAP_INDEX], or a Mesos task id.',
  });
}
