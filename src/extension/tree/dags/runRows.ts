import * as l10n from '@vscode/l10n';
import type { DagRunSummary } from '../../../api/people.ts';
import { mostRuns, runsTopic, usualRuns } from '../../../api/topics.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { clock, plain } from '../../format.ts';
import { insteadOfPage, loadingRow, moreRunsRow, type Branch } from '../rows.ts';
import { lookOfState, runName } from '../states.ts';
import { dagRowId, runRowId } from '../target.ts';
import { factLines, joined, tookText } from '../taskRuns/runText.ts';

/** The runs of a DAG that are asked for, by the pages that are shown. */
export function runsLimit(pages: number): number {
  return Math.min(mostRuns, usualRuns * 2 ** (pages - 1));
}

/** The newest runs below an expanded DAG. */
export function runRows(
  view: string,
  dagId: string,
  pages: number,
  state: ClusterState,
  now: number,
): Branch[] {
  const id = dagRowId(dagId);
  const limit = runsLimit(pages);
  const page = state.runs.get(dagId);
  const trouble = state.problems.get(runsTopic(dagId, limit));
  if (!page || trouble?.gone) return insteadOfPage(id, trouble);
  if (page.runs.length === 0) return [neverRan(dagId)];
  const rows = page.runs.map((run) => ({ row: runRow(run, now) }));
  if (!page.more) return rows;
  // More were asked for, and did not come yet.
  if (page.runs.length < limit && pages > 1) return [...rows, loadingRow(id)];
  return [...rows, moreRunsRow(view, id, dagId, limit)];
}

function runRow(run: DagRunSummary, now: number): Branch['row'] {
  const { dag_id, run_id, kind, state, started, ended } = run;
  const look = lookOfState(state);
  const name = runName(run_id, now);
  const id = runRowId(dag_id, run_id);
  return {
    id,
    label: name,
    description: joined([
      look.text,
      // Most ids say it already.
      name.startsWith(kind) ? undefined : kind.replaceAll('_', ' '),
      tookText(started, ended, now),
    ]),
    tooltip: tooltipOf(run, look.text, now),
    icon: { id: look.icon, colour: look.colour },
    context: `${look.kind}DagRun`,
    opens: 'never',
    click: {
      command: 'mesosAirflow.showInTaskRuns',
      title: l10n.t('Show in Task Runs'),
      arguments: [{ dag_id, run_id }],
    },
  };
}

function tooltipOf(run: DagRunSummary, state: string, now: number): string {
  const { dag_id, run_id, kind, started, ended } = run;
  const facts = factLines([
    [l10n.t('state'), state],
    [l10n.t('kind'), kind.replaceAll('_', ' ')],
    [l10n.t('started'), started === null ? null : clock(started, now)],
    [l10n.t('ended'), ended === null ? null : clock(ended, now)],
    [l10n.t('took'), ended === null ? null : tookText(started, ended, now)],
    [l10n.t('run'), run_id],
  ]);
  return [`**${plain(dag_id)}** ${plain(state)}`, facts].join('\n\n');
}

function neverRan(dagId: string): Branch {
  return {
    row: {
      id: `none:${dagRowId(dagId)}`,
      label: l10n.t('It never ran'),
      description: l10n.t('click to trigger it'),
      icon: { id: 'play' },
      context: 'note',
      opens: 'never',
      click: {
        command: 'mesosAirflow.triggerDag',
        title: l10n.t('Trigger DAG'),
        arguments: [{ dag_id: dagId }],
      },
    },
  };
}
