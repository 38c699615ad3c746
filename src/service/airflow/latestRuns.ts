import type { DagRun } from '../../airflow/answers.ts';
import type { AirflowClient } from '../../airflow/client.ts';

/** After so long all is asked anew: runs that were deleted meanwhile go. Milliseconds. */
const wholeAfterMs = 5 * 60_000;
/** Changes are asked for with this overlap: a transaction's time is that of its begin. Milliseconds. */
const overlapMs = 10_000;

type Source = Pick<AirflowClient, 'dagRuns' | 'latestRuns' | 'newestRuns'>;

/**
 * The newest run of each DAG, kept: many DAGs that rarely run cost one question each the first time, and after it one
 * question for all that changed.
 */
export class LatestRuns {
  readonly #airflow: Source;
  readonly #now: () => number;
  readonly #known = new Map<string, DagRun | undefined>();
  #wholeAt = -Infinity;
  #askedAt = 0;

  constructor(airflow: Source, now: () => number = Date.now) {
    this.#airflow = airflow;
    this.#now = now;
  }

  /** Of the DAGs that have one. */
  async of(dagIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, DagRun>> {
    const begun = this.#now();
    if (begun - this.#wholeAt > wholeAfterMs || !(await this.#learn(signal))) {
      const latest = await this.#airflow.latestRuns(dagIds, signal);
      this.#known.clear();
      for (const dagId of dagIds) this.#known.set(dagId, latest.get(dagId));
      this.#wholeAt = begun;
    }
    this.#askedAt = begun;
    const found = new Map<string, DagRun>();
    for (const dagId of dagIds) {
      // A DAG that was not there before may have come back with its runs.
      if (!this.#known.has(dagId)) this.#known.set(dagId, (await this.#airflow.dagRuns(dagId, 1, signal))[0]);
      const run = this.#known.get(dagId);
      if (run) found.set(dagId, run);
    }
    return found;
  }

  /** Takes in what changed since the last question; false where that was more than one answer holds. */
  async #learn(signal: AbortSignal | undefined): Promise<boolean> {
    const { runs, total } = await this.#airflow.newestRuns(this.#askedAt - overlapMs, signal);
    if (total > runs.length) return false;
    for (const run of runs) {
      const known = this.#known.get(run.dag_id);
      const isNewest = !known || known.run_id === run.run_id || (run.run_after ?? 0) > (known.run_after ?? 0);
      if (this.#known.has(run.dag_id) && isNewest) this.#known.set(run.dag_id, run);
    }
    return true;
  }
}
