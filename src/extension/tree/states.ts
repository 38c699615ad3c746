import type { TaskRun } from '../../api/people.ts';
import { clock } from '../format.ts';

/** How a state looks: one place says it for rows, log documents and pickers. Never by colour alone. */
export interface StateLook {
  /** Short, one word, for `contextValue`. */
  readonly kind: StateKind;
  /** A codicon. */
  readonly icon: string;
  /** A colour of the theme. */
  readonly colour: string;
  readonly text: string;
}

export type StateKind =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'success'
  | 'finished'
  | 'failed'
  | 'retry'
  | 'killed'
  | 'lost'
  | 'skipped'
  | 'deferred'
  | 'superseded';

const looks: Readonly<Record<StateKind, { icon: string; colour: string }>> = {
  waiting: { icon: 'circle-outline', colour: 'disabledForeground' },
  starting: { icon: 'sync~spin', colour: 'charts.blue' },
  running: { icon: 'circle-filled', colour: 'charts.blue' },
  success: { icon: 'pass', colour: 'charts.green' },
  finished: { icon: 'pass', colour: 'disabledForeground' },
  failed: { icon: 'error', colour: 'charts.red' },
  retry: { icon: 'history', colour: 'charts.yellow' },
  killed: { icon: 'circle-slash', colour: 'mesosAirflow.interrupted' },
  lost: { icon: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
  skipped: { icon: 'dash', colour: 'disabledForeground' },
  deferred: { icon: 'watch', colour: 'charts.purple' },
  superseded: { icon: 'arrow-swap', colour: 'disabledForeground' },
};

function look(kind: StateKind, text: string = kind): StateLook {
  return { kind, text, ...looks[kind] };
}

/**
 * The state of a task run for a person. While it is on Mesos the framework knows best; once its process is over,
 * Airflow does, because the process of a failed task ends with exit status 0 too.
 */
export function lookOf(run: TaskRun): StateLook {
  switch (run.state) {
    case 'queued':
      return look('waiting');
    case 'launched':
    case 'starting':
      return look('starting');
    case 'running':
      return look('running');
    case 'finished':
      return lookInAirflow(run) ?? look('finished');
    case 'failed':
      return lookInAirflow(run, ['retry']) ?? look('failed', withInfo('failed', run.info));
    case 'killed':
      return look('killed', withInfo('killed', run.info));
    case 'lost':
      return look('lost', run.agent === null ? withInfo('lost', run.info) : `lost with ${run.agent}`);
    case 'superseded':
      return look('superseded', 'superseded by another try');
  }
}

/** By Airflow's word, if it has one that stands for the end of this try (and is among `kinds`, where given). */
function lookInAirflow(run: TaskRun, kinds?: readonly StateKind[]): StateLook | undefined {
  const found = airflowLook(run);
  return found && (!kinds || kinds.includes(found.kind)) ? found : undefined;
}

function airflowLook(run: TaskRun): StateLook | undefined {
  switch (run.airflow_state) {
    case 'success':
      return look('success');
    case 'failed':
    case 'upstream_failed':
      // What Mesos says then is that its process ended well.
      return look('failed');
    case 'up_for_retry':
      return look('retry', 'failed, up for retry');
    case 'skipped':
    case 'removed':
      return look('skipped', run.airflow_state);
    case 'deferred':
      return look('deferred', 'deferred to the triggerer');
    case 'up_for_reschedule':
      return look('waiting', 'up for reschedule');
    default:
      return undefined;
  }
}

function withInfo(word: string, info: string): string {
  // Without `TASK_FAILED on agent-1: `, which state and agent say already.
  const line = (info.split('\n', 1)[0] ?? '').replace(/^TASK_[A-Z_]+ on \S+: /, '').trim();
  return line === '' ? word : `${word} · ${line}`;
}

/** Whether the try is over. */
export function isOver(run: TaskRun): boolean {
  return run.ended !== null;
}

/** `summarise[2]`, as Airflow's own pages write a mapped task. */
export function taskName({ key }: Pick<TaskRun, 'key'>): string {
  return key.map_index < 0 ? key.task_id : `${key.task_id}[${key.map_index}]`;
}

/** `manual 15:12:02` of a run id with its instant in it (`manual__2026-11-23T15:12:02.123+00:00`), else the id itself. */
export function runName(runId: string, now: number): string {
  const match = /^([a-z_]+?)__(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)/.exec(
    runId,
  );
  const instant = match?.[2] === undefined ? NaN : Date.parse(match[2]);
  return match?.[1] === undefined || Number.isNaN(instant) ? runId : `${match[1]} ${clock(instant, now)}`;
}
