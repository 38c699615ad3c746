import * as l10n from '@vscode/l10n';
import type { Topic } from '../../../api/topics.ts';
import { loadingRow, moreRow, type Branch } from '../rows.ts';
import { runName } from '../states.ts';
import { sorted } from './order.ts';
import { filteredRun, sortableRun, taskRunRow } from './runRow.ts';
import { joined } from './runText.ts';
import { viewId, type Shown } from './shown.ts';

export const flatTopics: ReadonlySet<Topic> = new Set(['cluster', 'tasks']);

/** So many task runs are shown at first, and more each time. */
export const flatStep = 300;

/** All task runs in one list. */
export function flatRows({ state, matches, options, limits, now }: Shown): Branch[] {
  if (!state.tasks) return [loadingRow('tasks')];
  const wanted = [...state.tasks.values()].filter((run) => matches?.(filteredRun(run)) ?? true);
  const limit = limits.get(viewId) ?? flatStep;
  const rows = sorted(wanted, options.sort, (run) => sortableRun(run, now))
    .slice(0, limit)
    .map((run) => taskRunRow(run, now, joined([run.key.dag_id, runName(run.key.run_id, now)])));
  if (wanted.length > limit) rows.push(moreRow(viewId, viewId, l10n.t('{0} more', wanted.length - limit)));
  else if (state.olderTasks === 'loading') rows.push(loadingRow(viewId));
  else if (state.olderTasks === 'more') rows.push(moreRow(viewId, viewId, l10n.t('older ones')));
  return rows;
}
