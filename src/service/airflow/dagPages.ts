import type { Dag } from '../../airflow/answers.ts';
import type { AirflowClient } from '../../airflow/client.ts';
import type { ImportError } from '../../airflow/importError.ts';
import type { ClusterEvent, DagRunView, DagView } from '../../api/people.ts';
import type { Page } from '../../api/topics.ts';
import type { Framework } from '../../framework/framework.ts';
import { DagStructures } from './dagStructures.ts';
import { LatestRuns } from './latestRuns.ts';
import { dagRunSummaryOf, dagRunViewOf, dagViewOf } from './runs.ts';

/** The pages that Airflow has to be asked for. */
export type AirflowPage = Exclude<Page, { readonly kind: 'mesos-tasks' }>;

export interface PageAnswer {
  readonly event: ClusterEvent;
  /** Something in it goes on: it is worth asking again soon. */
  readonly isRunning: boolean;
}

/** So many requests of a run are joined with its task instances, the newest. */
const mostRecords = 10_000;

/** What Airflow says of DAGs and runs, as views; all of it by GET. Errors: those of AirflowClient. */
export class DagPages {
  readonly #airflow: AirflowClient;
  readonly #framework: Pick<Framework, 'tasks'>;
  readonly #latest: LatestRuns;
  readonly #structures: DagStructures;

  constructor(airflow: AirflowClient, framework: Pick<Framework, 'tasks'>) {
    this.#airflow = airflow;
    this.#framework = framework;
    this.#latest = new LatestRuns(airflow);
    this.#structures = new DagStructures((dagId) => airflow.dagTasks(dagId));
  }

  async dags(signal?: AbortSignal): Promise<DagView[]> {
    return this.#dags(await this.#airflow.importErrors(signal), signal);
  }

  async #dags(errors: readonly ImportError[], signal?: AbortSignal): Promise<DagView[]> {
    const all = await this.#airflow.dags(signal);
    // One whose file was deleted while it could not be loaded keeps that mark in Airflow.
    const isThere = ({ stale, fileloc }: Dag): boolean =>
      !stale || errors.some(({ file }) => fileloc.endsWith(file));
    const dags = all.filter(isThere);
    const latest = await this.#latest.of(
      dags.map(({ dag_id }) => dag_id),
      signal,
    );
    return dags.map((dag) => dagViewOf(dag, latest.get(dag.dag_id)));
  }

  async run(dagId: string, runId: string, signal?: AbortSignal): Promise<DagRunView> {
    const run = await this.#airflow.dagRun(dagId, runId, signal);
    const instances = await this.#airflow.taskInstances(dagId, runId, signal);
    const structure = await this.#structures.of(dagId, runId);
    const records = this.#framework.tasks({ dag_id: dagId, run_id: runId }, mostRecords);
    return dagRunViewOf(run, instances, records, structure);
  }

  /** A page's present value, by one request after another. */
  async ask(page: AirflowPage, signal: AbortSignal): Promise<PageAnswer> {
    switch (page.kind) {
      case 'dags': {
        const import_errors = await this.#airflow.importErrors(signal);
        const dags = await this.#dags(import_errors, signal);
        const isRunning = dags.some(({ last_run }) => last_run !== null && goesOn(last_run));
        return { event: { type: 'dags', dags, import_errors }, isRunning };
      }
      case 'runs': {
        const { dag_id, limit } = page;
        const { runs, total } = await this.#airflow.dagRunPage(dag_id, limit, signal);
        const more = total > runs.length;
        const event = { type: 'runs' as const, dag_id, runs: runs.map(dagRunSummaryOf), more };
        return { event, isRunning: runs.some(goesOn) };
      }
      case 'run': {
        const run = await this.run(page.dag_id, page.run_id, signal);
        return { event: { type: 'run', run }, isRunning: goesOn(run) };
      }
    }
  }
}

/** Whether a run is not over. */
function goesOn({ state }: { readonly state: string }): boolean {
  return state === 'running' || state === 'queued';
}
