import type { DagRunView, TaskInstanceView } from '../../api/people.ts';
import { byTask, groupName, unfinishedUpstream } from '../../words/tasks.ts';
import { clock, duration } from '../output/durations.ts';
import { lookOf, showState, type StateLook } from '../output/states.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine, pad, widthOf } from '../output/text.ts';

/** Airflow's states in which a run, and with it all of its task instances, is over. */
const over = new Set(['success', 'failed']);

export function isOver(run: Pick<DagRunView, 'state'>): boolean {
  return over.has(run.state);
}

/** `weather_report · manual run 15:12:02`, from what Airflow's run ids begin with. */
export function runTitle(run: Pick<DagRunView, 'dag_id' | 'run_id' | 'started'>, now = Date.now()): string {
  const kind = /^(manual|scheduled|backfill|asset_triggered)__/.exec(run.run_id)?.[1];
  const when = run.started === null ? '' : ` ${clock(run.started, now)}`;
  return oneLine(`${run.dag_id} · ${kind ? `${kind.replace('_', ' ')} run${when}` : `run ${run.run_id}`}`);
}

/** A run while it goes: one line a task, the instances of a mapped one gathered. */
export function runLines(run: DagRunView, colors: Colors, now = Date.now()): string[] {
  const groups = byTask(run.tasks);
  const names = [...groups.entries()].map(([task, instances]) => oneLine(groupName(task, instances)));
  const width = Math.max(20, ...names.map(widthOf));
  return [
    colors.bold(runTitle(run, now)),
    ...[...groups.values()].map((instances, index) =>
      `  ${pad(names[index] ?? '', width)}  ${groupText(instances, unfinishedUpstream(instances, groups), colors, now)}`.trimEnd(),
    ),
  ];
}

/** Airflow calls an instance queued until its process has told it that it runs; on its agent it is starting by then. */
function lookOfInstance({ state, agent }: TaskInstanceView): StateLook {
  return lookOf(state === 'queued' && agent !== null ? 'launched' : state);
}

function groupText(
  instances: readonly TaskInstanceView[],
  upstream: readonly string[],
  colors: Colors,
  now: number,
): string {
  if (upstream.length > 0)
    return colors.gray(`${lookOf(null).icon} waits for ${oneLine(upstream.join(', '))}`);
  const states = new Map<string, TaskInstanceView[]>();
  for (const instance of instances) {
    const { word } = lookOfInstance(instance);
    const same = states.get(word);
    if (same) same.push(instance);
    else states.set(word, [instance]);
  }
  const waits = instances.find((instance) => instance.waits !== null)?.waits;
  const reason = waits ? `: ${oneLine(waits)}` : '';
  const [first] = instances;
  if (states.size === 1 && first) {
    const many = instances.length > 1 ? ` ${instances.length}` : '';
    const { icon, word, colour } = lookOfInstance(first);
    const state = pad(colors[colour](`${icon}${many} ${word}${reason}`), 14);
    return `${state} ${where(instances)}  ${times(instances, now)}`.trimEnd();
  }
  const counts = [...states].map(([word, some]) => `${some.length} ${word}`);
  const { icon, colour } = mostTelling(instances);
  return `${colors[colour](icon)} ${counts.join(', ')}${reason}`;
}

function mostTelling(instances: readonly TaskInstanceView[]): StateLook {
  const looks = instances.map(lookOfInstance);
  for (const word of ['failed', 'up for retry', 'running', 'starting', 'waiting']) {
    const look = looks.find((candidate) => candidate.word === word);
    if (look) return look;
  }
  return looks[0] ?? lookOf(null);
}

function where(instances: readonly TaskInstanceView[]): string {
  const agents = [...new Set(instances.map(({ agent }) => agent).filter((agent) => agent !== null))];
  return pad(agents.sort().join(', '), 16);
}

function times(instances: readonly TaskInstanceView[], now: number): string {
  const ran = instances.filter(hasRun);
  const started = ran.map((task) => task.started).filter((time) => time !== null);
  if (started.length === 0) return '';
  const ended = ran.map((task) => task.ended ?? now);
  return duration(Math.max(...ended) - Math.min(...started));
}

/** Airflow gives times to what it skips as well. */
function hasRun({ mesos_task_id }: TaskInstanceView): boolean {
  return mesos_task_id !== null;
}

/** What became of each task instance of a run, for when it is over. */
export function resultLines(run: DagRunView, colors: Colors): string[] {
  const rows = run.tasks.map((task) => [
    oneLine(`${task.task_id}${task.map_index >= 0 ? ` [${task.map_index}]` : ''}`),
    showState(task.state, colors),
    task.try_number > 1 ? `try ${task.try_number}` : '',
    task.agent ?? '',
    task.queued === null ? '' : clock(task.queued),
    task.queued === null || task.started === null ? '' : duration(task.started - task.queued),
    task.started === null || task.ended === null || !hasRun(task) ? '' : duration(task.ended - task.started),
  ]);
  return table(['TASK', 'STATE', '', 'AGENT', 'QUEUED', 'WAITED', 'TOOK'], rows, colors);
}

/** The result of a run as `trigger --json` ends with it. */
export function runRecord(run: DagRunView): Readonly<Record<string, unknown>> {
  return {
    dag_id: run.dag_id,
    run_id: run.run_id,
    state: run.state,
    tasks: run.tasks.map(
      ({ task_id, map_index, try_number, state, mesos_task_id, agent, queued, started, ended }) => ({
        task_id,
        map_index,
        try_number,
        state,
        mesos_task_id,
        agent,
        queued,
        started,
        ended,
      }),
    ),
  };
}
