import type { AirflowClient } from '../../airflow/client.ts';

type Asked = Pick<AirflowClient, 'dags' | 'runsIn'>;

/** As Airflow puts what does not come by itself, or came already; assets are brought by runs. */
const unscheduled = new Set<string | null>([
  null,
  '',
  'None',
  'Never, external triggers only',
  'Asset',
  '@once',
]);

/**
 * What Airflow keeps an idle cluster for. A run that goes on, though none of its tasks runs just now: it waits for a retry,
 * or for something outside. And a schedule of a DAG that is not paused: who relies on it expects it to be kept.
 */
export async function neededFor(
  airflow: Asked,
): Promise<{ readonly when: 'now' | 'later'; readonly what: string } | undefined> {
  const awake = new Map(
    (await airflow.dags()).filter(({ paused }) => !paused).map((dag) => [dag.dag_id, dag.schedule]),
  );
  for (const state of ['running', 'queued'] as const) {
    // One of a paused DAG does not go on.
    const run = (await airflow.runsIn(state)).find(({ dag_id }) => awake.has(dag_id));
    if (run) return { when: 'now', what: `the run ${run.run_id} of ${run.dag_id}, which is ${state}` };
  }
  for (const [id, schedule] of awake) {
    if (!unscheduled.has(schedule)) return { when: 'later', what: `the schedule of ${id} (${schedule})` };
  }
  return undefined;
}
