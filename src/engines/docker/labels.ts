import { clusterLabel, partLabel } from '../../api/cluster.ts';

/** Labels on containers, networks, volumes and images: the only state of a cluster in Docker. */
export const labels = {
  /** The cluster's name; on everything of a cluster. */
  cluster: clusterLabel,
  /** Which part it is (`mesos-master`, `agent-1`, `api-server`, …); `task` on containers of tasks. */
  part: partLabel,
  /** The state folder of whoever made the cluster, on volumes: a Docker Engine can have those of several people. */
  home: 'mesos-airflow.home',
  /** A digest of how a container was made: one planned otherwise by now is made anew. */
  plan: 'mesos-airflow.plan',
  /** cluster.json without `airflow.env`; on the service's container. */
  spec: 'mesos-airflow.spec',
  /** What the person set of images and Mesos, kept for the next start; on the service's container. */
  settings: 'mesos-airflow.settings',
  /** Which of our images it is (`airflow`, `mesos`, `agent`); on images that we built. */
  image: 'mesos-airflow.image',
  /** The hash of all that an image was made from. */
  inputs: 'mesos-airflow.inputs',
  /** Tags of ours that an image is built on, between spaces. */
  from: 'mesos-airflow.from',
} as const;

/** The name of a container, volume or network. Never `mesos-…`: a Mesos agent ends containers of that name as its own. */
export function resourceName(cluster: string, part: string): string {
  return `airflow-on-mesos-${cluster}-${part}`;
}
