import * as l10n from '@vscode/l10n';
import type { DagView } from '../../../api/people.ts';
import { runsTopic } from '../../../api/topics.ts';
import type { Topic } from '../../../client/subscription.ts';
import type { ClusterPicture } from '../../cluster/picture.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { Paging } from '../paging.ts';
import { outlineOf, problemRow, waitingForDagsRow, type Branch, type Outline } from '../rows.ts';
import { dagRowId, targetOf } from '../target.ts';
import type { Header, ViewOf } from '../viewOf.ts';
import { dagRow, isFailing } from './dagRow.ts';
import { importErrorRows } from './importErrorRows.ts';
import { runRows, runsLimit } from './runRows.ts';

/** So many DAGs at once; then "load more". */
const dagsPage = 300;

/** The view "DAGs": files that cannot be loaded, then the DAGs, each with its last runs. */
export class DagsViewOf implements ViewOf {
  readonly id = 'mesosAirflow.dags';
  readonly #paging = new Paging(this.id);
  readonly onDidChange = this.#paging.onDidChange;

  outline({ state }: ClusterPicture, now: number, open: ReadonlySet<string>): Outline {
    if (!state) return outlineOf([]);
    const { dags, importErrors = [], cluster } = state;
    const problem = state.problems.get('dags')?.problem;
    const trouble = problem && cluster.state !== 'starting' ? [problemRow('dags', problem)] : [];
    if (!dags) return outlineOf(trouble.length > 0 ? trouble : [waitingForDagsRow(cluster.state)]);
    const branch = (dag: DagView): Branch => {
      const row = dagRow(dag, now);
      const pages = this.#paging.pages(row.id);
      return { row, below: open.has(row.id) ? runRows(this.id, dag.dag_id, pages, state, now) : [] };
    };
    const rows = [
      ...trouble,
      ...importErrorRows(importErrors, cluster),
      ...this.#paging.rows(this.id, inOrder(dags), dagsPage, branch),
    ];
    return outlineOf(rows.length > 0 ? rows : [noDagsRow(state)]);
  }

  topics(open: ReadonlySet<string>): ReadonlySet<Topic> {
    const topics = new Set<Topic>(['cluster', 'dags']);
    for (const id of open) {
      const { dag_id, run_id } = targetOf(id);
      if (dag_id !== undefined && run_id === undefined) {
        topics.add(runsTopic(dag_id, runsLimit(this.#paging.pages(dagRowId(dag_id)))));
      }
    }
    return topics;
  }

  header({ state }: ClusterPicture): Header {
    const count = state?.importErrors?.length ?? 0;
    const tooltip =
      count === 1 ? l10n.t('1 DAG file cannot be loaded') : l10n.t('{0} DAG files cannot be loaded', count);
    return { badge: { count, tooltip } };
  }

  loadMore(id: string): void {
    this.#paging.loadMore(id);
  }
}

/** What fails first, then by name. */
function inOrder(dags: readonly DagView[]): readonly DagView[] {
  return [...dags].sort(
    (a, b) =>
      Number(isFailing(b)) - Number(isFailing(a)) ||
      a.dag_id.localeCompare(b.dag_id, undefined, { numeric: true }),
  );
}

function noDagsRow({ cluster: { dags_folder } }: ClusterState): Branch {
  return {
    row: {
      id: 'none:dags',
      label: l10n.t('No DAGs yet'),
      description: dags_folder === null ? '' : l10n.t('their files belong in {0}', dags_folder),
      icon: { id: 'dash', colour: 'disabledForeground' },
      context: 'note',
      opens: 'never',
    },
  };
}
