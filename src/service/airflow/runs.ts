import type { Dag, DagRun, TaskInstance } from '../../airflow/answers.ts';
import type { ClearedTask, DagRunSummary, DagRunView, DagView, TaskInstanceView } from '../../api/people.ts';
import type { TaskRecord } from '../../framework/types.ts';
import { taskRunOf } from '../views/taskRun.ts';
import type { DagStructure } from './dagStructures.ts';

/** In a run with more task instances those that succeeded at once are told without their task runs. */
const mostWithAllRuns = 1000;

export function dagViewOf(dag: Dag, run: DagRun | undefined): DagView {
  return {
    dag_id: dag.dag_id,
    fileloc: dag.fileloc,
    paused: dag.paused,
    schedule: dag.schedule,
    has_import_errors: dag.has_import_errors,
    last_run: run ? { run_id: run.run_id, state: run.state, started: run.started, ended: run.ended } : null,
  };
}

/**
 * A run with its task instances, each behind those that it depends on, joined with where the framework ran them.
 * `records`: those of this run.
 */
export function dagRunViewOf(
  run: DagRun,
  instances: readonly TaskInstance[],
  records: readonly TaskRecord[],
  structure: DagStructure,
): DagRunView {
  const byInstance = new Map<string, TaskRecord[]>();
  for (const record of records) {
    const name = nameOf(record.key);
    const known = byInstance.get(name);
    if (known) known.push(record);
    else byInstance.set(name, [record]);
  }
  for (const ofOne of byInstance.values()) {
    // A deferred task comes back as another request for the same try.
    ofOne.sort((a, b) => b.key.try_number - a.key.try_number || b.queued - a.queued);
  }
  const isHuge = instances.length > mostWithAllRuns;
  return {
    dag_id: run.dag_id,
    run_id: run.run_id,
    state: run.state,
    started: run.started,
    ended: run.ended,
    tasks: inOrder(instances, structure.order).map((instance) => {
      const view = instanceViewOf(instance, byInstance.get(nameOf(instance)) ?? []);
      const upstream = [...(structure.upstream.get(instance.task_id) ?? [])];
      const isPlain = isHuge && instance.state === 'success' && view.runs.length === 1;
      const retry = retryOf(instance, structure);
      return { ...view, upstream, ...(isPlain ? { runs: [] } : {}), ...(retry ? { retry } : {}) };
    }),
  };
}

export function dagRunSummaryOf(run: DagRun): DagRunSummary {
  const { dag_id, run_id, state, run_type, started, ended } = run;
  return { dag_id, run_id, state, kind: run_type, started, ended };
}

/** Task instances that run again, with the states that they had where `before` knows them. */
export function clearedTasksOf(
  cleared: readonly TaskInstance[],
  before: readonly TaskInstance[],
): ClearedTask[] {
  const name = ({ task_id, map_index }: TaskInstance): string => JSON.stringify([task_id, map_index]);
  const states = new Map(before.map((instance) => [name(instance), instance.state]));
  return cleared.map((instance) => {
    const known = states.get(name(instance));
    const { task_id, map_index, state } = instance;
    return { task_id, map_index, state: known === undefined ? state : known };
  });
}

function inOrder(instances: readonly TaskInstance[], order: readonly string[]): TaskInstance[] {
  const places = new Map(order.map((task, place) => [task, place]));
  const placeOf = (instance: TaskInstance): number => places.get(instance.task_id) ?? order.length;
  return [...instances].sort((a, b) => placeOf(a) - placeOf(b) || a.map_index - b.map_index);
}

function instanceViewOf(
  instance: TaskInstance,
  records: readonly TaskRecord[],
): Omit<TaskInstanceView, 'upstream'> {
  const record = records.find(({ key }) => key.try_number === instance.try_number);
  return {
    task_id: instance.task_id,
    map_index: instance.map_index,
    try_number: instance.try_number,
    state: instance.state,
    mesos_task_id: record?.mesos_task_id ?? null,
    agent: record?.agent ?? null,
    waits: record?.waits ?? null,
    queued: record?.queued ?? instance.queued,
    started: instance.started,
    ended: instance.ended,
    // Airflow's word is of the present try.
    runs: records.map((each) => taskRunOf(each, each === record ? instance.state : null)),
  };
}

/** As Airflow's scheduler reckons it, but for a retry policy of the task's own, of which its API says nothing. */
function retryOf(instance: TaskInstance, { retryMs }: DagStructure): TaskInstanceView['retry'] {
  if (instance.state !== 'up_for_retry') return undefined;
  const delay = retryMs.get(instance.task_id);
  const at = instance.ended === null || delay === undefined ? null : instance.ended + delay;
  return { tries: instance.max_tries + 1, at };
}

function nameOf(key: Pick<TaskInstance, 'task_id' | 'map_index'>): string {
  return JSON.stringify([key.task_id, key.map_index]);
}
