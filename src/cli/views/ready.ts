import type { ClusterView } from '../../api/people.ts';
import { forName } from '../cluster.ts';
import type { Colors } from '../output/terminal.ts';

/** The last record of `up --progress json`: where everything is. Holds no secret: an editor asks for a login. */
export function readyRecord(cluster: ClusterView, joined: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'ready',
    name: cluster.name,
    engine: cluster.engine,
    joined,
    airflow: cluster.airflow && { url: cluster.airflow.url, username: cluster.airflow.username },
    mesos: { url: cluster.master.url },
    dags_folder: cluster.dags_folder,
  };
}

/** Where Airflow and Mesos are. The password is for a person's own terminal only. */
export function addressLines(cluster: ClusterView, password: string | undefined, colors: Colors): string[] {
  const { airflow, master, name } = cluster;
  const login = password === undefined ? '' : `   ${airflow?.username ?? ''} / ${password}`;
  const open = colors.dim(`   (opens signed in with: mesos-airflow open${forName(name)})`);
  return [
    '',
    ...(airflow ? [`Airflow   ${colors.underline(airflow.url)}${login}${open}`] : []),
    `Mesos     ${colors.underline(master.url)}`,
  ];
}
