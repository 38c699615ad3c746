import { clustersOf, type ListedCluster } from '../engines/list.ts';
import type { Context } from './context.ts';
import { askDocker } from './engine.ts';

/** How long a running cluster may take to say how it is. Milliseconds. */
const answerLimitMs = 1500;

export interface AllClusters {
  readonly clusters: readonly ListedCluster[];
  /** Why clusters in Docker whose folder is lost cannot be told of; undefined where Docker answered, or there is none. */
  readonly docker: string | undefined;
}

/** The clusters of both engines by name; takes two seconds at most, also where Docker does not answer. */
export async function allClusters(context: Context): Promise<AllClusters> {
  const [known, answer] = await Promise.all([clustersOf(context.folders, answerLimitMs), askDocker(context)]);
  const inDocker = new Map(answer.clusters.map((cluster) => [cluster.name, cluster]));
  const why = answer.problem && [answer.problem.message, answer.problem.why].filter(Boolean).join(': ');
  const here = known
    // What Docker says of a cluster of its own goes before a folder, which is a copy.
    .filter(({ name, engine }) => engine === 'embedded' || !inDocker.has(name))
    .map((cluster) => (cluster.engine === 'docker' && why ? withoutDocker(cluster, why) : cluster));
  const names = new Set(here.map(({ name }) => name));
  const clusters = [...here, ...answer.clusters.filter(({ name }) => !names.has(name))];
  return {
    clusters: clusters.sort((a, b) => (a.name < b.name ? -1 : 1)),
    docker: answer.absent ? undefined : why,
  };
}

/** A cluster in Docker of which only its folder tells. One whose service answers is as that says. */
function withoutDocker(cluster: ListedCluster, why: string): ListedCluster {
  const answers = cluster.state !== 'unreachable' && cluster.state !== 'stopped';
  return { ...cluster, state: answers ? cluster.state : 'unreachable', problem: why };
}
