import * as l10n from '@vscode/l10n';
import type { DagRunView, TaskInstanceView } from '../../../api/people.ts';
import { byTask, groupName, isInstanceOver, unfinishedUpstream } from '../../../words/tasks.ts';
import { clock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { lookOfInstance, lookOfKind, type StateLook } from '../states.ts';
import { instanceRowId, taskRunRowId, tasksRowId } from '../target.ts';
import { comparator, sorted, type Sortable } from './order.ts';
import { showLog, tryRow } from './runRow.ts';
import {
  factLines,
  joined,
  runDescription,
  runLinks,
  runTooltip,
  shortened,
  took,
  tookText,
} from './runText.ts';
import type { Shown } from './shown.ts';
import { countsText, countStates, mostTelling } from './stateCounts.ts';

/** A mapped task with more instances has rows for so many of them each. */
const rangeSize = 100;

/** What is known of an instance, looked at once. */
interface Known {
  readonly instance: TaskInstanceView;
  readonly look: StateLook;
  readonly name: string;
  /** Airflow has not handed it to the executor: what it waits for. */
  readonly upstream: readonly string[];
}

/** The tasks of a run in the order in which they depend on each other; mapped ones gathered. */
export function instanceRows(run: DagRunView, shown: Shown): Branch[] {
  const groups = byTask(run.tasks);
  const branches: { branch: Branch; key: Sortable }[] = [];
  for (const [task, instances] of groups) {
    const upstream = unfinishedUpstream(instances, groups);
    const known = instances
      .map((instance) => knownOf(instance, upstream))
      .filter((one) => isWanted(one, run, shown));
    const [first] = known;
    if (!first) continue;
    const isMapped = known.length > 1 || first.instance.map_index >= 0;
    const branch = isMapped ? groupRow(run, task, known, shown) : instanceRow(run, first, shown);
    branches.push({ branch, key: sortableGroup(task, known, shown.now) });
  }
  // What depends on others comes behind them, unless a person wants another order.
  if (shown.options.sort !== 'newest') {
    const compare = comparator(shown.options.sort);
    branches.sort((a, b) => compare(a.key, b.key));
  }
  return branches.map(({ branch }) => branch);
}

/** Whether the filter leaves anything of a run. */
export function hasMatching(run: DagRunView, { matches }: Pick<Shown, 'matches'>): boolean {
  return run.tasks.some((instance) => isWanted(knownOf(instance, []), run, { matches }));
}

function knownOf(instance: TaskInstanceView, upstream: readonly string[]): Known {
  const { task_id, map_index } = instance;
  const name = map_index < 0 ? task_id : `${task_id}[${map_index}]`;
  return { instance, look: lookOfInstance(instance), name, upstream };
}

function isWanted(
  { name, look }: Known,
  { dag_id }: DagRunView,
  { matches }: Pick<Shown, 'matches'>,
): boolean {
  return matches === undefined || matches({ name, dag_id, kind: look.kind });
}

function groupRow(run: DagRunView, task: string, known: readonly Known[], shown: Shown): Branch {
  const id = tasksRowId(run.dag_id, run.run_id, task);
  const label = groupName(
    task,
    known.map(({ instance }) => instance),
  );
  return {
    row: {
      id,
      label,
      ...summary(known, run),
      context: `${contextOf(known)}TaskGroup`,
      opens: 'closed',
    },
    below: shown.open.has(id) ? rowsOfMany(run, task, known, shown) : [],
  };
}

function rowsOfMany(run: DagRunView, task: string, known: readonly Known[], shown: Shown): Branch[] {
  const ranges = new Map<number, Known[]>();
  for (const one of known) {
    const from = Math.floor(one.instance.map_index / rangeSize) * rangeSize;
    const range = ranges.get(from);
    if (range) range.push(one);
    else ranges.set(from, [one]);
  }
  if (ranges.size <= 1) return inOrder(known, shown).map((one) => instanceRow(run, one, shown));
  return [...ranges].sort(([a], [b]) => a - b).map(([from, some]) => rangeRow(run, task, from, some, shown));
}

function rangeRow(run: DagRunView, task: string, from: number, some: readonly Known[], shown: Shown): Branch {
  const id = `range:${run.dag_id}/${run.run_id}/${task}/${from}`;
  const label = groupName(
    '',
    some.map(({ instance }) => instance),
  ).trim();
  return {
    row: { id, label, ...summary(some, run), context: `${contextOf(some)}TaskRange`, opens: 'closed' },
    below: shown.open.has(id) ? inOrder(some, shown).map((one) => instanceRow(run, one, shown)) : [],
  };
}

function inOrder(known: readonly Known[], { options, now }: Shown): readonly Known[] {
  const byIndex = [...known].sort((a, b) => a.instance.map_index - b.instance.map_index);
  return options.sort === 'newest' ? byIndex : sorted(byIndex, options.sort, (one) => sortable(one, now));
}

/** How many instances stand together: of one state `6 success`, else `2 of 6 · 3 running, 1 waiting`. */
function summary(
  known: readonly Known[],
  run: DagRunView,
): Pick<Branch['row'], 'description' | 'tooltip' | 'icon'> {
  const counts = countStates(known.map(({ look }) => look.kind));
  const [first] = known;
  const { icon, colour } = lookOfKind(mostTelling(counts));
  const agents = [...new Set(known.flatMap(({ instance }) => instance.agent ?? []))].sort();
  const upstream = first?.upstream ?? [];
  const waits = known.find(({ instance }) => instance.waits)?.instance.waits;
  const over = known.filter(({ instance }) => isInstanceOver(instance)).length;
  const states =
    counts.size === 1
      ? countsText(counts)
      : joined([l10n.t('{0} of {1}', over, known.length), countsText(counts)]);
  const where = agents.length > 3 ? l10n.t('{0} agents', agents.length) : agents.join(', ');
  const description =
    upstream.length > 0
      ? l10n.t('waits for {0}', upstream.join(', '))
      : joined([waits ? `${states}: ${shortened(waits)}` : states, where]);
  const facts = factLines([
    [l10n.t('states'), countsText(counts)],
    [l10n.t('waits'), waits],
    [l10n.t('agents'), agents.join(', ')],
  ]);
  const tooltip = [l10n.t('**{0}** of {1}', plain(first?.instance.task_id ?? ''), plain(run.dag_id)), facts];
  return { description, tooltip: tooltip.join('\n\n'), icon: { id: icon, colour } };
}

function instanceRow(run: DagRunView, known: Known, { open, now }: Shown): Branch {
  const { instance, look, name } = known;
  const { runs } = instance;
  const [newest] = runs;
  const id = instanceRowId(run.dag_id, run.run_id, instance.task_id, instance.map_index);
  // Deferred ones have several task runs of one try.
  const isSeveral = runs.length > 1;
  return {
    row: {
      id,
      label: instance.try_number > 1 ? l10n.t('{0} · try {1}', name, instance.try_number) : name,
      description: instanceDescription(known, now),
      tooltip: instanceTooltip(run, known, now),
      ...(newest ? { links: runLinks, click: showLog(taskRunRowId(newest.id)) } : {}),
      icon: { id: look.icon, colour: look.colour },
      context: `${contextOf([known])}TaskInstance`,
      opens: isSeveral ? 'closed' : 'never',
    },
    below: isSeveral && open.has(id) ? runs.map((each) => tryRow(each, now)) : [],
  };
}

function instanceDescription({ instance, look, upstream }: Known, now: number): string {
  if (upstream.length > 0) return l10n.t('waits for {0}', upstream.join(', '));
  const [newest] = instance.runs;
  if (newest && look.kind === 'waiting' && newest.state === 'queued')
    return runDescription(newest, look.text, now);
  const { agent, mesos_task_id, started, ended } = instance;
  const where = agent && !look.text.includes(agent) ? agent : undefined;
  // Airflow gives times to what it skips as well.
  const time = mesos_task_id === null ? undefined : tookText(started, ended, now);
  return joined([shortened(look.text), where, time, retryText(instance, now)]);
}

/** `try 2 of 3 at 15:14:05`, once the scheduler may begin it `try 2 of 3`. */
function retryText({ retry, try_number }: TaskInstanceView, now: number): string | undefined {
  if (!retry) return undefined;
  const { tries, at } = retry;
  return at === null || at <= now
    ? l10n.t('try {0} of {1}', try_number + 1, tries)
    : l10n.t('try {0} of {1} at {2}', try_number + 1, tries, clock(at, now));
}

function instanceTooltip(run: DagRunView, { instance, look, name, upstream }: Known, now: number): string {
  const [newest] = instance.runs;
  if (newest?.key.try_number === instance.try_number) return runTooltip(newest, look, now);
  return [
    l10n.t('**{0}** of {1}', plain(name), plain(run.dag_id)),
    plain(run.run_id),
    factLines([
      [l10n.t('state'), look.text],
      [l10n.t('waits for'), upstream.join(', ')],
      [l10n.t('try'), instance.try_number > 0 ? String(instance.try_number) : null],
    ]),
  ].join('\n\n');
}

/** `pending`: waiting, though not for Mesos. */
function contextOf(known: readonly Known[]): string {
  const kind = mostTelling(countStates(known.map(({ look }) => look.kind)));
  const isOnMesos = known.some(({ instance }) => instance.runs.some(({ state }) => state === 'queued'));
  return kind === 'waiting' && !isOnMesos ? 'pending' : kind;
}

function sortable({ name, look, instance }: Known, now: number): Sortable {
  return { name, kind: look.kind, at: instance.queued, took: took(instance, now) };
}

function sortableGroup(task: string, known: readonly Known[], now: number): Sortable {
  const all = known.map((one) => sortable(one, now));
  const longest = all.reduce<number | null>(
    (most, one) => (one.took === null ? most : Math.max(most ?? 0, one.took)),
    null,
  );
  const newest = all.reduce<number | null>(
    (last, one) => (one.at === null ? last : Math.max(last ?? 0, one.at)),
    null,
  );
  return {
    name: task,
    kind: mostTelling(countStates(all.map(({ kind }) => kind))),
    at: newest,
    took: longest,
  };
}
