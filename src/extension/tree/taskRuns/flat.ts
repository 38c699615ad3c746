import * as l10n from '@vscode/l10n';
import type { Topic } from '../../../api/topics.ts';
import { loadingRow, type Branch } from '../rows.ts';
import { runName } from '../states.ts';
import { firstOf, olderRows } from './more.ts';
import { sorted } from './order.ts';
import { filteredRun, sortableRun, taskRunRow } from './runRow.ts';
import { joined } from './runText.ts';
import { viewId, type Shown } from './shown.ts';

export const flatTopics: ReadonlySet<Topic> = new Set(['cluster', 'tasks']);

/** All task runs in one list. */
export function flatRows({ state, matches, options, limits, now }: Shown): Branch[] {
  if (!state.tasks) return [loadingRow('tasks')];
  const wanted = [...state.tasks.values()].filter((run) => matches?.(filteredRun(run)) ?? true);
  const inOrder = sorted(wanted, options.sort, (run) => sortableRun(run, now));
  const { shown, more } = firstOf(inOrder, viewId, { limits });
  return [
    ...shown.map((run) => taskRunRow(run, now, joined([run.key.dag_id, runName(run.key.run_id, now)]))),
    ...(more.length > 0 ? more : olderRows(viewId, state.olderTasks, l10n.t('older ones'))),
  ];
}
