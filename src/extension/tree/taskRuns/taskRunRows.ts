import type { TaskRun } from '../../../api/people.ts';
import type { StateKind } from '../../../words/states.ts';
import { age, clock, counted, duration, plain, resourcesText } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { isOver, lookOf, runName, taskName } from '../states.ts';

/** The group of task runs, by DAG run, the newest first; inside one in the order in which they were queued. */
export function taskRunRows(tasks: Iterable<TaskRun>, now: number): Branch {
  const byRun = new Map<string, TaskRun[]>();
  const newestFirst = [...tasks].sort((a, b) => b.queued - a.queued || compare(taskName(b), taskName(a)));
  for (const task of newestFirst) {
    const id = `run:${task.key.dag_id}/${task.key.run_id}`;
    const run = byRun.get(id);
    if (run) run.unshift(task);
    else byRun.set(id, [task]);
  }
  return {
    row: {
      id: 'taskRuns',
      label: 'Task runs',
      description: newestFirst.length === 0 ? 'none yet' : stateCounts(newestFirst),
      icon: { id: 'run-all' },
      context: 'taskRuns',
      opens: 'open',
    },
    below: [...byRun].map(([id, run]) => dagRunRow(id, run, now)),
  };
}

function dagRunRow(id: string, tasks: readonly TaskRun[], now: number): Branch {
  const [first] = tasks;
  if (!first) throw new RangeError(`${id} has no task run`);
  const { dag_id, run_id } = first.key;
  return {
    row: {
      id,
      label: dag_id,
      description: `${runName(run_id, now)} · ${stateCounts(tasks)}`,
      tooltip: `**${plain(dag_id)}**\n\n${plain(run_id)}`,
      icon: { id: 'type-hierarchy-sub' },
      context: 'dagRun',
      opens: 'open',
    },
    below: tasks.map((task) => ({ row: taskRunRow(task, now) })),
  };
}

/** What a person wants to know first comes first. */
const countOrder: readonly StateKind[] = [
  'failed',
  'lost',
  'killed',
  'running',
  'starting',
  'waiting',
  'retry',
  'deferred',
  'success',
  'finished',
  'skipped',
  'superseded',
];

function stateCounts(tasks: readonly TaskRun[]): string {
  const counts = new Map<StateKind, number>();
  for (const task of tasks) {
    const { kind } = lookOf(task);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return countOrder
    .filter((kind) => counts.has(kind))
    .map((kind) => `${counts.get(kind) ?? 0} ${kind}`)
    .join(', ');
}

function taskRunRow(task: TaskRun, now: number): Branch['row'] {
  const look = lookOf(task);
  return {
    id: `taskRun:${task.id}`,
    label: task.key.try_number > 1 ? `${taskName(task)} · try ${task.key.try_number}` : taskName(task),
    description: description(task, look.text, now),
    tooltip: taskRunTooltip(task, look.text, now),
    icon: { id: look.icon, colour: look.colour },
    context: `${look.kind}TaskRun`,
    opens: 'never',
    click: { command: 'mesosAirflow.showTaskLog', title: 'Show Task Log', arguments: [`taskRun:${task.id}`] },
  };
}

function description(task: TaskRun, state: string, now: number): string {
  if (task.state === 'queued') return task.waits ? `${state}: ${task.waits}` : state;
  const parts = [state];
  if (task.agent && !state.includes(task.agent)) parts.push(task.agent);
  if (task.started !== null) {
    parts.push(task.ended === null ? age(now - task.started) : duration(task.ended - task.started));
  }
  return parts.join(' · ');
}

function taskRunTooltip(task: TaskRun, state: string, now: number): string {
  const { key } = task;
  const facts: [string, string | null][] = [
    ['state', state],
    ['waits', task.state === 'queued' ? task.waits : null],
    ['agent', task.agent],
    ['try', String(key.try_number)],
    ['queued', clock(task.queued, now)],
    ['started', task.started === null ? null : clock(task.started, now)],
    ['ended', task.ended === null ? null : clock(task.ended, now)],
    ['asks for', resourcesText(task.resources)],
    ['launched', task.attempt > 1 ? counted(task.attempt, 'time') : null],
    ['Mesos task', task.mesos_task_id],
    ['Mesos says', isOver(task) && task.info !== '' ? task.info : null],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${plain(value)}`]));
  return [`**${plain(taskName(task))}** of ${plain(key.dag_id)}`, plain(key.run_id), lines.join('  \n')].join(
    '\n\n',
  );
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true });
}
