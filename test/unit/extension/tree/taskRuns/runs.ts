import type { DagRunSummary, DagRunView, DagView, TaskInstanceView } from '../../../../../src/api/people.ts';
import { atNoon } from '../../../../vscode/support/views.ts';

// What Airflow has of DAGs, runs and task instances, with what a test is about given.

export const noonRun = 'manual__' + new Date(atNoon).toISOString();

export function dag(dag_id: string, state: string | null, over: Partial<DagView> = {}): DagView {
  return {
    dag_id,
    fileloc: `/work/dags/${dag_id}.py`,
    paused: false,
    schedule: null,
    has_import_errors: false,
    last_run: state === null ? null : { run_id: noonRun, state, started: atNoon, ended: null },
    ...over,
  };
}

export function summary(dag_id: string, state: string, over: Partial<DagRunSummary> = {}): DagRunSummary {
  return { dag_id, run_id: noonRun, state, kind: 'manual', started: atNoon, ended: null, ...over };
}

export function dagRun(dag_id: string, state: string, tasks: readonly TaskInstanceView[]): DagRunView {
  return { dag_id, run_id: noonRun, state, started: atNoon, ended: null, tasks: [...tasks] };
}

export function instance(task_id: string, over: Partial<TaskInstanceView> = {}): TaskInstanceView {
  return {
    task_id,
    map_index: -1,
    try_number: 1,
    state: null,
    mesos_task_id: null,
    agent: null,
    waits: null,
    upstream: [],
    queued: null,
    started: null,
    ended: null,
    runs: [],
    ...over,
  };
}
