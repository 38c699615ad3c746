import type { TaskInstanceView, TaskRun } from '../../api/people.ts';
import { stateOfRun, wordsOf, type StateKind } from '../../words/states.ts';
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

function look(kind: StateKind, text: string): StateLook {
  return { kind, text, ...looks[kind] };
}

/** The state of a task run as rows, logs and pickers show it, with what Mesos says where that explains it. */
export function lookOf(run: TaskRun): StateLook {
  const state = stateOfRun(run);
  const { kind, word } = wordsOf(state) ?? { kind: 'finished', word: state };
  switch (kind) {
    case 'failed':
      // Where Airflow alone calls it failed, Mesos says that its process ended well.
      return look(kind, run.state === 'failed' ? withInfo(word, run.info) : word);
    case 'killed':
      return look(kind, withInfo(word, run.info));
    case 'lost':
      return look(kind, run.agent === null ? withInfo(word, run.info) : `${word} with ${run.agent}`);
    case 'superseded':
      return look(kind, `${word} by another try`);
    default:
      return look(kind, word);
  }
}

/** A state of Airflow's, of a run say, by itself. */
export function lookOfState(state: string | null): StateLook {
  const { kind, word } = wordsOf(state) ?? { kind: 'finished', word: state ?? '' };
  return look(kind, word);
}

/** Many of one kind. */
export function lookOfKind(kind: StateKind): StateLook {
  return look(kind, kind);
}

/** Of an instance that Airflow has handed to the executor, the state that it has on Mesos. */
export function lookOfInstance(instance: Pick<TaskInstanceView, 'state' | 'try_number' | 'runs'>): StateLook {
  const { state, try_number, runs } = instance;
  const [run] = runs;
  if (run?.key.try_number !== try_number) return lookOfState(state);
  // Its earlier try explains what is to come; what counts is that it comes.
  if (state === 'up_for_retry' || state === null || state === 'scheduled') return lookOfState(state);
  // Until its process tells Airflow that it runs, Airflow calls it queued.
  if (state === 'running' && run.state !== 'running' && !isOver(run)) return lookOfState(state);
  return lookOf({ ...run, airflow_state: state });
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
