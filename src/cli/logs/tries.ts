import type { AttemptView } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { stateOfRun } from '../../words/states.ts';
import { clock } from '../output/durations.ts';
import { lookOf } from '../output/states.ts';
import { oneLine } from '../output/text.ts';
import { runsOnMesos } from '../tasks.ts';
import { taskName } from '../taskReference.ts';

/** A launch of a task, in a sandbox of its own. */
export interface Launch {
  /** On Mesos. */
  readonly id: string;
  readonly try_number: number;
  /** What stands above its log. */
  readonly heading: string;
}

export interface Tries {
  /** Oldest first. */
  readonly launches: readonly Launch[];
  /** The newest task run of the instance. */
  readonly newest: TaskRun;
}

/** All launches of all tries of the task instance that a task run is of. */
export async function triesOf(
  client: Pick<ServiceClient, 'tasks' | 'attempts'>,
  of: TaskRun,
): Promise<Tries> {
  const { dag_id, run_id, task_id, map_index } = of.key;
  const all = await runsOnMesos(client, dag_id, run_id);
  const runs = all
    .filter(({ key }) => key.task_id === task_id && key.map_index === map_index)
    .sort((a, b) => a.key.try_number - b.key.try_number || a.queued - b.queued);
  const tries = new Map(runs.map((run) => [run.key.try_number, run]));
  const launches: Launch[] = [];
  // One request after another: a task has few tries, and their order is that of the log.
  for (const run of tries.values()) {
    const attempts = await client.attempts(run.id);
    for (const [index, attempt] of attempts.entries()) {
      const isLast = index === attempts.length - 1;
      launches.push({
        id: attempt.mesos_task_id,
        try_number: run.key.try_number,
        heading: heading(run, attempt, { nth: attempts.length > 1 ? index + 1 : undefined, isLast }),
      });
    }
  }
  return { launches, newest: runs.at(-1) ?? of };
}

/** `load · try 2 · launch 1 · agent-1 · 15:12:09 · failed`. */
function heading(
  run: TaskRun,
  { agent, launched, state, ended }: AttemptView,
  { nth, isLast }: { readonly nth: number | undefined; readonly isLast: boolean },
): string {
  const own = state.replace(/^TASK_/, '').toLowerCase();
  const word = isLast || ended === null ? lookOf(stateOfRun(run)).word : own;
  const launch = nth === undefined ? [] : [`launch ${nth}`];
  return oneLine([taskName(run), ...launch, agent, clock(launched), word].join(' · '));
}

/** Airflow's words for a task instance that is not tried again. */
const final: ReadonlySet<string | null> = new Set([
  'success',
  'failed',
  'upstream_failed',
  'skipped',
  'removed',
]);
/** So long after a try's end Airflow has said what comes of it, if it says anything. Milliseconds. */
const silentMs = 15_000;

/** Whether another try may come of what a task instance is now. */
export function mayBeTriedAgain({ ended, airflow_state }: TaskRun, now = Date.now()): boolean {
  if (ended === null) return true;
  if (final.has(airflow_state)) return false;
  return airflow_state === 'up_for_retry' ||
    airflow_state === 'deferred' ||
    airflow_state === 'up_for_reschedule'
    ? true
    : now - ended < silentMs;
}
