import * as l10n from '@vscode/l10n';
import type { DagView } from '../../../api/people.ts';
import { clock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { lookOfState, runName } from '../states.ts';
import { dagRowId } from '../target.ts';
import { factLines, joined } from '../taskRuns/runText.ts';
import { scheduleText } from './schedule.ts';

/** A DAG: its schedule, whether it is paused, and how its last run went. A click opens its file. */
export function dagRow(dag: DagView, now: number): Branch['row'] {
  const { dag_id, paused, schedule, has_import_errors, last_run } = dag;
  return {
    id: dagRowId(dag_id),
    label: dag_id,
    description: joined([
      has_import_errors ? l10n.t('import error') : undefined,
      paused ? l10n.t('paused') : undefined,
      scheduleText(schedule),
      lastRunText(last_run, now),
    ]),
    tooltip: tooltipOf(dag, now),
    icon: iconOf(dag),
    context: paused ? 'pausedDag' : 'activeDag',
    opens: 'closed',
    click: { command: 'mesosAirflow.openDagFile', title: l10n.t('Open DAG File'), arguments: [{ dag_id }] },
  };
}

/** Whether its file or its last run failed. */
export function isFailing({ has_import_errors, last_run }: DagView): boolean {
  return has_import_errors || (last_run !== null && lookOfState(last_run.state).kind === 'failed');
}

function iconOf({ paused, has_import_errors, last_run }: DagView): NonNullable<Branch['row']['icon']> {
  if (has_import_errors) return { id: 'error', colour: 'charts.red' };
  if (paused) return { id: 'debug-pause', colour: 'disabledForeground' };
  if (!last_run) return { id: 'circle-large-outline', colour: 'disabledForeground' };
  const { icon, colour } = lookOfState(last_run.state);
  return { id: icon, colour };
}

/** `last run success, 12:03`, by when it ended, or began. */
function lastRunText(run: DagView['last_run'], now: number): string {
  if (!run) return l10n.t('never ran');
  const { text } = lookOfState(run.state);
  const at = run.ended ?? run.started;
  if (at === undefined || at === null) return l10n.t('last run {0}', text);
  // Without the seconds.
  return l10n.t('last run {0}, {1}', text, clock(at, now).replace(/:\d\d$/, ''));
}

function tooltipOf(dag: DagView, now: number): string {
  const { dag_id, paused, schedule, fileloc, last_run } = dag;
  const blocks = [`**${plain(dag_id)}**${paused ? ` ${l10n.t('paused')}` : ''}`];
  if (paused) blocks.push(l10n.t('No run of it begins, and no task of its runs, until it is unpaused.'));
  if (dag.has_import_errors) {
    blocks.push(l10n.t('Its file cannot be loaded any more: what is shown is how it was before.'));
  }
  blocks.push(
    factLines([
      [l10n.t('schedule'), joined([scheduleText(schedule), cronOf(schedule)])],
      [
        l10n.t('last run'),
        last_run && joined([runName(last_run.run_id, now), lookOfState(last_run.state).text]),
      ],
      [l10n.t('file'), fileloc],
    ]),
  );
  return blocks.join('\n\n');
}

/** As Airflow has it, where the words say it otherwise. */
function cronOf(schedule: string | null): string | undefined {
  return schedule === null || schedule === 'None' || scheduleText(schedule) === schedule
    ? undefined
    : schedule;
}
