import type { TaskRun } from '../api/people.ts';

/** The states that a person tells apart; tree and terminal give each an icon and a colour of their own. */
export type StateKind =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'success'
  /** Its process is over, and Airflow has not yet said how the task ended. */
  | 'finished'
  | 'failed'
  | 'retry'
  | 'killed'
  | 'lost'
  | 'skipped'
  | 'deferred'
  | 'superseded';

export interface StateWords {
  readonly kind: StateKind;
  /** The same in tree, terminal and log. */
  readonly word: string;
}

/** Airflow's states of a task instance or a run, and the framework's of a request. */
const states: Readonly<Record<string, StateWords>> = {
  none: { kind: 'waiting', word: 'waiting' },
  scheduled: { kind: 'waiting', word: 'waiting' },
  queued: { kind: 'waiting', word: 'waiting' },
  up_for_reschedule: { kind: 'waiting', word: 'waiting to look again' },
  launched: { kind: 'starting', word: 'starting' },
  starting: { kind: 'starting', word: 'starting' },
  restarting: { kind: 'starting', word: 'starting' },
  running: { kind: 'running', word: 'running' },
  success: { kind: 'success', word: 'success' },
  finished: { kind: 'finished', word: 'finished' },
  failed: { kind: 'failed', word: 'failed' },
  upstream_failed: { kind: 'failed', word: 'failed upstream' },
  up_for_retry: { kind: 'retry', word: 'up for retry' },
  killed: { kind: 'killed', word: 'killed' },
  lost: { kind: 'lost', word: 'lost' },
  skipped: { kind: 'skipped', word: 'skipped' },
  removed: { kind: 'skipped', word: 'removed' },
  deferred: { kind: 'deferred', word: 'deferred to the triggerer' },
  superseded: { kind: 'superseded', word: 'superseded' },
};

/** How a state is called; undefined for one that this version does not know. */
export function wordsOf(state: string | null): StateWords | undefined {
  return states[state ?? 'none'];
}

/** Airflow's words that stand for the end of a try. Others linger from before it began. */
const ends: ReadonlySet<string | null> = new Set([
  'success',
  'failed',
  'upstream_failed',
  'up_for_retry',
  'skipped',
  'removed',
  'deferred',
  'up_for_reschedule',
]);

/**
 * The state of a task run that counts for a person: the framework's while it is on Mesos; once its process is over,
 * Airflow's, because the process of a failed task ends with exit status 0 too.
 */
export function stateOfRun({ state, airflow_state }: Pick<TaskRun, 'state' | 'airflow_state'>): string {
  if (airflow_state === null || !ends.has(airflow_state)) return state;
  if (state === 'finished') return airflow_state;
  return state === 'failed' && airflow_state === 'up_for_retry' ? airflow_state : state;
}
