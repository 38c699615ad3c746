import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../../api/people.ts';
import type { Branch, Row } from '../rows.ts';
import { lookOf, taskName } from '../states.ts';
import { taskRunRowId } from '../target.ts';
import type { Filtered } from './filter.ts';
import type { Sortable } from './order.ts';
import { joined, runDescription, runLinks, runTooltip, took } from './runText.ts';

/** A task run in a list of many: a click opens its log. `where`: of which DAG, in a list of several. */
export function taskRunRow(run: TaskRun, now: number, where?: string): Branch {
  const name = taskName(run);
  const { try_number } = run.key;
  return rowOf(run, now, try_number > 1 ? l10n.t('{0} · try {1}', name, try_number) : name, where);
}

/** A try below its task instance. */
export function tryRow(run: TaskRun, now: number): Branch {
  return rowOf(run, now, l10n.t('try {0}', run.key.try_number));
}

function rowOf(run: TaskRun, now: number, label: string, where?: string): Branch {
  const look = lookOf(run);
  const id = taskRunRowId(run.id);
  return {
    row: {
      id,
      label,
      description: joined([runDescription(run, look.text, now), where]),
      tooltip: runTooltip(run, look, now),
      links: runLinks,
      icon: { id: look.icon, colour: look.colour },
      context: `${look.kind}TaskRun`,
      opens: 'never',
      click: showLog(id),
    },
  };
}

export function showLog(rowId: string): NonNullable<Row['click']> {
  return { command: 'mesosAirflow.showTaskLog', title: l10n.t('Show Task Log'), arguments: [rowId] };
}

export function sortableRun(run: TaskRun, now: number): Sortable {
  return { name: taskName(run), kind: lookOf(run).kind, at: run.queued, took: took(run, now) };
}

export function filteredRun(run: TaskRun): Filtered {
  return { name: taskName(run), dag_id: run.key.dag_id, kind: lookOf(run).kind };
}
