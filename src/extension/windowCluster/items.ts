import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';

/** Of what `mesos-airflow list --json` prints, what the picker needs; a newer command line may say more. */
export const listedClusters = z.array(
  z.object({
    name: z.string(),
    engine: z.nullable(z.string()),
    state: z.string(),
    dags_folder: z.nullable(z.string()),
  }),
);
export type ListedCluster = z.infer<typeof listedClusters>[number];

/** A cluster as the picker offers it. */
export interface ClusterItem {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export interface Choices {
  /** The workspace's own, which need not be there. */
  readonly own: string;
  /** The one that the window is about now. */
  readonly present: string;
  readonly clusters: readonly ListedCluster[];
}

/** The workspace's own cluster first, then those that run, then the others, each by name. */
export function clusterItems({ own, present, clusters }: Choices): ClusterItem[] {
  const there = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const names = [...new Set([own, present, ...there.keys()])];
  const rank = (name: string): number => {
    if (name === own) return 0;
    return isUp(there.get(name)?.state) ? 1 : 2;
  };
  names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return names.map((name) => itemOf(name, there.get(name), name === own, name === present));
}

function itemOf(
  name: string,
  cluster: ListedCluster | undefined,
  isOwn: boolean,
  isPresent: boolean,
): ClusterItem {
  const notes = [
    isOwn ? l10n.t('of this workspace') : '',
    isPresent ? l10n.t('shown now') : '',
    cluster?.engine ?? '',
    cluster?.state ?? l10n.t('not started yet'),
  ];
  return {
    name,
    label: `$(${isUp(cluster?.state) ? 'vm-running' : 'vm-outline'}) ${name}`,
    description: notes.filter((note) => note !== '').join(' · '),
    detail: cluster?.dags_folder ?? '',
  };
}

/** Whether something of it runs, by a state as `mesos-airflow list` has it. */
export function isUp(state: string | undefined): boolean {
  return state !== undefined && !['stopped', 'broken', 'dead'].includes(state);
}
