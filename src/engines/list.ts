import type { StoppedItself } from '../api/cluster.ts';
import type { ClusterView } from '../api/people.ts';
import { connect, listClusters, type KnownCluster } from '../client/discover.ts';
import { messageOf } from '../host/errors.ts';
import type { UserFolders } from '../host/folders.ts';

/** A cluster as `mesos-airflow list` shows it. */
export interface ListedCluster {
  readonly name: string;
  /** The running cluster's own word, or what is known of one that does not run. `dead`: its service ended by itself. */
  readonly state: ClusterView['state'] | 'stopped' | 'dead' | 'broken' | 'unreachable';
  readonly engine: string | null;
  readonly agents: number | null;
  readonly airflow_url: string | null;
  readonly master_url: string | null;
  readonly dags_folder: string | null;
  readonly problem: string | null;
  /** Where it ended itself because it was idle: when, and after how many seconds. */
  readonly stopped_itself?: StoppedItself;
  /** In Docker: the state folder of somebody else, or of another MESOS_AIRFLOW_HOME, who made it. */
  readonly made_in?: string;
}

/** All clusters that have a folder here; running ones are asked how they are, and may take `limitMs` to answer. */
export async function clustersOf(folders: UserFolders, limitMs = 5000): Promise<ListedCluster[]> {
  const known = await listClusters(folders);
  return Promise.all(known.map((cluster) => listed(cluster, limitMs)));
}

async function listed(cluster: KnownCluster, limitMs: number): Promise<ListedCluster> {
  const { spec, name } = cluster;
  const stated = {
    name,
    engine: spec?.engine ?? null,
    agents: spec?.mesos.agents.length ?? null,
    airflow_url: spec ? `http://127.0.0.1:${spec.airflow.port}` : null,
    master_url: spec ? `http://127.0.0.1:${spec.mesos.master_port}` : null,
    dags_folder: spec?.airflow.dags_folder ?? null,
    ...(cluster.stoppedItself ? { stopped_itself: cluster.stoppedItself } : {}),
  };
  if (cluster.state !== 'running') {
    const problem = cluster.state === 'broken' ? `${cluster.folder.spec} is not understood` : null;
    return { ...stated, state: cluster.state, problem };
  }
  try {
    const { client } = await connect(cluster, AbortSignal.timeout(limitMs));
    const view = await client.cluster({ timeoutMs: limitMs });
    const problem = view.recording ? 'a recording, which is being shown' : view.problem;
    return { ...stated, engine: view.engine, state: view.state, problem };
  } catch (error) {
    return { ...stated, state: 'unreachable', problem: messageOf(error) };
  }
}
