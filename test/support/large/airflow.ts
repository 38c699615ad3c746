import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskInstanceKey } from '../../../src/api/airflow.ts';

export type InstanceState = 'queued' | 'running' | 'success' | 'failed';

interface Run {
  readonly dag_id: string;
  readonly run_id: string;
  readonly started: number;
  readonly isOver: boolean;
  readonly instances: Map<number, InstanceState>;
}

/** The task of every DAG here; its instances are mapped. */
export const taskId = 'summarise';

/** An Airflow that answers at once, as far as the service asks one: DAGs, their runs, and task instances. */
export class SimulatedAirflow {
  readonly #runs = new Map<string, Map<string, Run>>();
  readonly #server = http.createServer((request, response) => {
    request.resume();
    request.once('end', () => this.#answer(new URL(request.url ?? '/', 'http://localhost'), response));
  });

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What becomes of a task instance; its DAG and run begin with it. */
  set(key: TaskInstanceKey, state: InstanceState, started = Date.now(), isOver = false): void {
    const ofDag = this.#runs.get(key.dag_id) ?? new Map<string, Run>();
    this.#runs.set(key.dag_id, ofDag);
    const { dag_id, run_id } = key;
    const run = ofDag.get(run_id) ?? { dag_id, run_id, started, isOver, instances: new Map() };
    ofDag.set(run_id, run);
    run.instances.set(key.map_index, state);
  }

  #answer(url: URL, response: ServerResponse): void {
    const value = this.#value(decodeURIComponent(url.pathname), url.searchParams);
    response.writeHead(value ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value ?? { detail: 'Not Found' }));
  }

  #value(path: string, query: URLSearchParams): object | undefined {
    const limit = Number(query.get('limit') ?? 100);
    const offset = Number(query.get('offset') ?? 0);
    const page = <T>(all: readonly T[]): T[] => all.slice(offset, offset + limit);
    if (path === '/auth/token') return { access_token: 'token-of-airflow' };
    if (path === '/execution/health') return { status: 'healthy' };
    if (path === '/api/v2/monitor/health') return health();
    if (path === '/api/v2/importErrors') return { total_entries: 0, import_errors: [] };
    if (path === '/api/v2/dags') {
      const dags = [...this.#runs.keys()].sort();
      return { total_entries: dags.length, dags: page(dags).map(dag) };
    }
    const [, dagId = '', kind, runId, more] =
      /^\/api\/v2\/dags\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    if (kind === 'tasks') return { tasks: [{ task_id: taskId, downstream_task_ids: [] }] };
    if (kind !== 'dagRuns') return undefined;
    if (runId === undefined) {
      const runs = this.#newest(dagId).filter((run) => fits(run, query));
      return { total_entries: runs.length, dag_runs: page(runs).map(dagRun) };
    }
    const run = this.#runs.get(dagId)?.get(runId);
    if (!run) return undefined;
    if (more !== 'taskInstances') return dagRun(run);
    const instances = [...run.instances];
    return {
      total_entries: instances.length,
      task_instances: page(instances).map(([map_index, state]) => instance(run, map_index, state)),
    };
  }

  #newest(dagId: string): Run[] {
    const maps = dagId === '~' ? [...this.#runs.values()] : [this.#runs.get(dagId) ?? new Map<string, Run>()];
    return maps.flatMap((runs) => [...runs.values()]).sort((one, other) => other.started - one.started);
  }
}

function fits(run: Run, query: URLSearchParams): boolean {
  const state = query.get('state');
  const since = query.get('updated_at_gte');
  if (state !== null && state !== (run.isOver ? 'success' : 'running')) return false;
  return since === null || !run.isOver || run.started > Date.parse(since);
}

function dag(dag_id: string): object {
  return {
    ...{ dag_id, fileloc: `/dags/${dag_id}.py`, is_paused: false, timetable_summary: '@daily' },
    ...{ has_import_errors: false, last_parsed_time: null },
  };
}

function dagRun({ dag_id, run_id, started, isOver }: Run): object {
  const at = new Date(started).toISOString();
  return {
    ...{
      dag_id,
      dag_run_id: run_id,
      state: isOver ? 'success' : 'running',
      run_type: 'manual',
      run_after: at,
    },
    ...{ queued_at: at, start_date: at, end_date: isOver ? at : null },
  };
}

function instance({ dag_id, run_id, started }: Run, map_index: number, state: InstanceState): object {
  const at = new Date(started).toISOString();
  return {
    ...{ dag_id, dag_run_id: run_id, task_id: taskId, map_index, try_number: 1, max_tries: 0, state },
    ...{ operator_name: null, queued_when: at, start_date: at, end_date: state === 'success' ? at : null },
  };
}

function health(): object {
  const beat = new Date().toISOString();
  return {
    metadatabase: { status: 'healthy' },
    scheduler: { status: 'healthy', latest_scheduler_heartbeat: beat },
    triggerer: { status: 'healthy', latest_triggerer_heartbeat: beat },
    dag_processor: { status: 'healthy', latest_dag_processor_heartbeat: beat },
  };
}
