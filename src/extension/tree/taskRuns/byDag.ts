import * as l10n from '@vscode/l10n';
import type { DagRunSummary, DagView, TaskRun } from '../../../api/people.ts';
import { mostRuns, runTopic, runsTopic, usualRuns, type Topic } from '../../../api/topics.ts';
import { clock, plain } from '../../format.ts';
import { insteadOfPage, moreRunsRow, problemRow, waitingForDagsRow, type Branch } from '../rows.ts';
import { lookOfInstance, lookOfState, runName } from '../states.ts';
import { dagRowId, runRowId, targetOf } from '../target.ts';
import { isFiltering, matcher } from './filter.ts';
import { hasMatching, instanceRows } from './instanceRows.ts';
import { firstOf, olderRows } from './more.ts';
import type { Filter } from './options.ts';
import { sorted } from './order.ts';
import { filteredRun } from './runRow.ts';
import { factLines, joined, took, tookText } from './runText.ts';
import { viewId, type Shown } from './shown.ts';
import { countsText, countStates } from './stateCounts.ts';

/** Of so many DAGs with a running run that run is open at first. */
const mostOpened = 3;

type DagThatRan = DagView & { readonly last_run: NonNullable<DagView['last_run']> };

/** DAGs that have run, each with its newest runs, each run with its tasks. */
export function dagRows(shown: Shown): Branch[] {
  const { state, now, options, matches } = shown;
  // While it starts it need not answer.
  const problem = state.cluster.state === 'starting' ? undefined : state.problems.get('dags')?.problem;
  if (!state.dags) return [problem ? problemRow('dags', problem) : waitingForDagsRow(state.cluster.state)];
  const known = matches ? knownMatches(shown) : undefined;
  const ran = state.dags.filter(hasRun).filter(({ dag_id }) => known?.hasDag(dag_id) ?? true);
  const inOrder = sorted(ran, options.sort, ({ dag_id, last_run }) => {
    const { kind } = lookOfState(last_run.state);
    const { started = null, ended = null } = last_run;
    // Those that run come first, whenever they began.
    const at = options.sort === 'newest' && isUnfinished(last_run.state) ? null : started;
    return { name: dag_id, kind, at, took: took({ started, ended }, now) };
  });
  const opened = new Set(
    inOrder
      .filter(({ last_run }) => isUnfinished(last_run.state))
      .slice(0, mostOpened)
      .map(({ dag_id }) => dag_id),
  );
  const { shown: first, more } = firstOf(inOrder, 'dags', shown);
  return [
    ...(problem ? [problemRow('dags', problem)] : []),
    ...first.map((dag) => dagRow(dag, opened.has(dag.dag_id), known, shown)),
    ...more,
    ...(known ? searchedRows(shown) : []),
  ];
}

/** How far a filter has looked: it knows only the newest task runs. */
function searchedRows({ state }: Shown): Branch[] {
  const searched = l10n.t('the newest {0} task runs were searched', state.tasks?.size ?? 0);
  return olderRows(viewId, state.olderTasks, searched);
}

/** What open rows need, beside the DAGs. */
export function dagTopics(
  open: ReadonlySet<string>,
  limits: ReadonlyMap<string, number>,
  filter: Filter,
): ReadonlySet<Topic> {
  const topics = new Set<Topic>(['cluster', 'dags']);
  // Which DAGs and runs have what is looked for is known from their task runs.
  if (isFiltering(filter)) topics.add('tasks');
  for (const id of open) {
    const { dag_id, run_id, task_id } = targetOf(id);
    if (dag_id === undefined || task_id !== undefined || !open.has(dagRowId(dag_id))) continue;
    if (run_id === undefined) topics.add(runsTopic(dag_id, limits.get(id)));
    else topics.add(runTopic(dag_id, run_id));
  }
  return topics;
}

/** More of a DAG's runs are shown by fifty, as many as a page can have. */
export function moreRuns(limit = usualRuns): number {
  return Math.min(mostRuns, limit < 50 ? 50 : mostRuns);
}

function hasRun(dag: DagView): dag is DagThatRan {
  return dag.last_run !== null;
}

function isUnfinished(state: string): boolean {
  return state === 'running' || state === 'queued';
}

/** Which DAGs and runs have what is looked for, as far as is known. */
interface KnownMatches {
  hasDag(dagId: string): boolean;
  hasRun(dagId: string, runId: string): boolean;
}

function knownMatches({ state, matches, options }: Shown): KnownMatches {
  const dags = new Set<string>();
  const runs = new Set<string>();
  const add = (dagId: string, runId: string): void => {
    dags.add(dagId);
    runs.add(runRowId(dagId, runId));
  };
  const isMatch = (run: TaskRun): boolean => matches?.(filteredRun(run)) ?? true;
  for (const run of state.tasks?.values() ?? []) if (isMatch(run)) add(run.key.dag_id, run.key.run_id);
  for (const run of state.run.values()) if (hasMatching(run, { matches })) add(run.dag_id, run.run_id);
  // All that a DAG ever ran matches with its name, also what is not known any more.
  const byName = matcher({ name: options.filter.name, states: [] });
  const isWhole = (dag_id: string): boolean =>
    options.filter.states.length === 0 && byName({ name: dag_id, dag_id, kind: 'finished' });
  return {
    hasDag: (dagId) => dags.has(dagId) || isWhole(dagId),
    hasRun: (dagId, runId) => runs.has(runRowId(dagId, runId)) || isWhole(dagId),
  };
}

function dagRow(dag: DagThatRan, isOpened: boolean, known: KnownMatches | undefined, shown: Shown): Branch {
  const { dag_id, last_run, paused } = dag;
  const id = dagRowId(dag_id);
  const look = lookOfState(last_run.state);
  const { started = null, ended = null } = last_run;
  return {
    row: {
      id,
      label: dag_id,
      description: joined([
        look.text,
        runName(last_run.run_id, shown.now),
        tookText(started, ended, shown.now),
        paused ? l10n.t('paused') : undefined,
      ]),
      tooltip: dagTooltip(dag, shown.now),
      icon: { id: look.icon, colour: look.colour },
      context: paused ? 'pausedDag' : 'activeDag',
      opens: isOpened ? 'open' : 'closed',
    },
    below: shown.open.has(id) ? runRows(dag_id, known, shown) : [],
  };
}

function dagTooltip({ dag_id, schedule, paused, fileloc, last_run }: DagThatRan, now: number): string {
  const facts = factLines([
    [l10n.t('schedule'), schedule ?? l10n.t('none')],
    [l10n.t('paused'), paused ? l10n.t('yes') : null],
    [l10n.t('last run'), joined([runName(last_run.run_id, now), lookOfState(last_run.state).text])],
    [l10n.t('file'), fileloc],
  ]);
  return [`**${plain(dag_id)}**`, facts].join('\n\n');
}

function runRows(dagId: string, known: KnownMatches | undefined, shown: Shown): Branch[] {
  const { state, limits, options, now } = shown;
  const id = dagRowId(dagId);
  const limit = limits.get(id) ?? usualRuns;
  const page = state.runs.get(dagId);
  const trouble = state.problems.get(runsTopic(dagId, limit));
  if (!page || trouble?.gone) return insteadOfPage(id, trouble);
  const wanted = page.runs.filter(({ run_id }) => known?.hasRun(dagId, run_id) ?? true);
  const [newest] = page.runs;
  const inOrder = sorted(wanted, options.sort, ({ run_id, state: word, started, ended }) => ({
    name: runName(run_id, now),
    kind: lookOfState(word).kind,
    at: started,
    took: took({ started, ended }, now),
  }));
  const rows = inOrder.map((run) => runRow(run, run === newest && isUnfinished(run.state), shown));
  if (!page.more) return rows;
  return [...rows, moreRunsRow(viewId, id, dagId, limit)];
}

function runRow(run: DagRunSummary, isOpened: boolean, shown: Shown): Branch {
  const { dag_id, run_id } = run;
  const { state, open, now } = shown;
  const id = runRowId(dag_id, run_id);
  const page = state.run.get(runTopic(dag_id, run_id));
  // Its page is newer where it is there.
  const { state: word, started, ended } = page ?? run;
  const look = lookOfState(word);
  const counts =
    page && open.has(id) ? countStates(page.tasks.map((task) => lookOfInstance(task).kind)) : undefined;
  return {
    row: {
      id,
      label: runName(run_id, now),
      description: joined([
        look.text,
        tookText(started, ended, now),
        // Of one state they say no more than the run's own.
        counts && counts.size > 1 ? countsText(counts) : undefined,
      ]),
      tooltip: runTooltipOf({ ...run, started, ended }, look.text, now),
      icon: { id: look.icon, colour: look.colour },
      context: `${look.kind}DagRun`,
      opens: isOpened ? 'open' : 'closed',
    },
    below: open.has(id) ? tasksOf(run, shown) : [],
  };
}

function runTooltipOf({ dag_id, run_id, started, ended }: DagRunSummary, state: string, now: number): string {
  const facts = factLines([
    [l10n.t('state'), state],
    [l10n.t('started'), started === null ? null : clock(started, now)],
    [l10n.t('ended'), ended === null ? null : clock(ended, now)],
    [l10n.t('run'), run_id],
  ]);
  return [`**${plain(dag_id)}**`, facts].join('\n\n');
}

function tasksOf({ dag_id, run_id }: DagRunSummary, shown: Shown): Branch[] {
  const topic = runTopic(dag_id, run_id);
  const page = shown.state.run.get(topic);
  const trouble = shown.state.problems.get(topic);
  const id = runRowId(dag_id, run_id);
  return page && !trouble?.gone ? instanceRows(page, shown) : insteadOfPage(id, trouble);
}
