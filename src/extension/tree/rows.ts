import type { Problem } from '../../api/common.ts';
import type { ClusterView } from '../../api/people.ts';
import { mostRuns } from '../../api/topics.ts';
import * as l10n from '@vscode/l10n';
import type { PageProblem } from '../cluster/state.ts';
import { plain } from '../format.ts';
import type { Target } from './target.ts';

/** One row of a view as plain data: what VS Code shows is made of it, and tests read it. */
export interface Row {
  /** Stable: the same thing keeps its row, its place and whether it is open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** The description for a screen reader, where that has signs which say nothing to the ear. */
  readonly spoken?: string;
  /** Markdown. */
  readonly tooltip?: string;
  /** Commands that links in the tooltip may run (`commandLink`). */
  readonly links?: readonly string[];
  readonly icon?: { readonly id: string; readonly colour?: string };
  /** `<state><Kind>` for menus, such as `runningTaskRun`. */
  readonly context: string;
  /** What commands act on, where the row's id alone does not say it. */
  readonly target?: Target;
  /** Whether it has rows below it, and shows them at first: what VS Code has drawn open it leaves open. */
  readonly opens: 'never' | 'closed' | 'open';
  /** A command that a click runs, with the arguments. */
  readonly click?: {
    readonly command: string;
    readonly title: string;
    readonly arguments: readonly unknown[];
  };
  readonly children: readonly string[];
}

/** All rows of a tree: every id in `roots` and in `children` is a key of `rows`. */
export interface Outline {
  readonly roots: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
}

export const emptyOutline: Outline = { roots: [], rows: new Map() };

/** A row with the rows below it, before they are flattened. */
export interface Branch {
  readonly row: Omit<Row, 'children'>;
  readonly below?: readonly Branch[];
}

export function outlineOf(branches: readonly Branch[]): Outline {
  const rows = new Map<string, Row>();
  const add = ({ row, below = [] }: Branch): string => {
    rows.set(row.id, { ...row, children: below.map(add) });
    return row.id;
  };
  return { roots: branches.map(add), rows };
}

/** Which row each row is below. */
export function parentsOf({ rows }: Outline): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const row of rows.values()) for (const child of row.children) parents.set(child, row.id);
  return parents;
}

/** Stands below an expanded row until its own rows come. */
export function loadingRow(parent: string, label = l10n.t('Loading…')): Branch {
  return {
    row: {
      id: `loading:${parent}`,
      label,
      description: '',
      icon: { id: 'loading~spin' },
      context: 'loading',
      opens: 'never',
    },
  };
}

/** Stands where Airflow's DAGs will be, until it has told of them. */
export function waitingForDagsRow(clusterState: ClusterView['state']): Branch {
  return loadingRow('dags', clusterState === 'starting' ? l10n.t('Airflow is starting…') : undefined);
}

/** Stands below a row whose own rows cannot be had: what is wrong, and what helps. */
export function problemRow(parent: string, { error, why, next }: Problem): Branch {
  const more = [why, next].filter((part) => part !== undefined && part !== '');
  return {
    row: {
      id: `problem:${parent}`,
      label: error,
      description: more.join(' · '),
      tooltip: [`**${plain(error)}**`, ...more.map((part) => plain(part ?? ''))].join('\n\n'),
      icon: { id: 'warning', colour: 'charts.yellow' },
      context: 'problem',
      opens: 'never',
      click: {
        command: 'mesosAirflow.showServiceLog',
        title: l10n.t('Show Service Log'),
        arguments: [],
      },
    },
  };
}

/** Stands last below a DAG (`parent`: its row) of which no more runs are shown; a click opens Airflow at it. */
function olderRunsRow(parent: string, dagId: string): Branch {
  const title = l10n.t('Open Airflow');
  return {
    row: {
      id: `older:${parent}`,
      label: l10n.t('Older runs are in Airflow'),
      description: '',
      icon: { id: 'link-external' },
      context: 'more',
      opens: 'never',
      click: { command: 'mesosAirflow.openAirflow', title, arguments: [{ dag_id: dagId }] },
    },
  };
}

/** Stands last below a DAG that has more runs than are shown: the service tells of so many, Airflow has all. */
export function moreRunsRow(view: string, parent: string, dagId: string, limit: number): Branch {
  return limit < mostRuns ? moreRow(view, parent, '') : olderRunsRow(parent, dagId);
}

/** Stands in the place of the rows of a page that is not there: why it cannot be had, or that it is coming. */
export function insteadOfPage(parent: string, trouble: PageProblem | undefined): Branch[] {
  return [trouble?.problem ? problemRow(parent, trouble.problem) : loadingRow(parent)];
}

/** Stands last below a row (`parent`; a view's id for the top) that has more rows than are shown; a click shows more. */
export function moreRow(view: string, parent: string, description: string): Branch {
  const title = l10n.t('Load More');
  return {
    row: {
      id: `more:${parent}`,
      label: l10n.t('Load more…'),
      description,
      icon: { id: 'ellipsis' },
      context: 'more',
      opens: 'never',
      click: { command: 'mesosAirflow.loadMore', title, arguments: [{ view, row: parent }] },
    },
  };
}

/** A link of a tooltip that runs a command; the row names the command in `links`. */
export function commandLink(text: string, command: string, argument: unknown): string {
  return `[${plain(text)}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

/**
 * What must be drawn again after `before` became `after`: the ids of rows that look different or have other rows below
 * them, or 'all' where the top rows are others. Rows that came or went are drawn by their parent.
 */
export function changesBetween(before: Outline, after: Outline): 'all' | readonly string[] {
  if (!sameList(before.roots, after.roots)) return 'all';
  const changed: string[] = [];
  for (const [id, row] of after.rows) {
    const old = before.rows.get(id);
    if (old && !sameRow(old, row)) changed.push(id);
  }
  return changed;
}

function sameRow(a: Row, b: Row): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.icon?.id === b.icon?.id &&
    a.icon?.colour === b.icon?.colour &&
    a.context === b.context &&
    JSON.stringify(a.target) === JSON.stringify(b.target) &&
    a.links?.join() === b.links?.join() &&
    a.opens === b.opens &&
    JSON.stringify(a.click) === JSON.stringify(b.click) &&
    sameList(a.children, b.children)
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
