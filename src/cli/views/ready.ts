import type { ClusterView } from '../../api/people.ts';
import { forName } from '../names.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

/** The last record of `up --progress json`: where everything is. Holds no secret: an editor asks for a login. */
export function readyRecord(cluster: ClusterView, joined: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'ready',
    name: cluster.name,
    engine: cluster.engine,
    joined,
    airflow: cluster.airflow && { url: cluster.airflow.url, username: cluster.airflow.username },
    mesos: { url: cluster.master.url, ...cluster.mesos },
    dags_folder: cluster.dags_folder,
  };
}

export interface Logins {
  /** Airflow's, for a person's own terminal only. */
  readonly password: string | undefined;
  /** The file with the login of Mesos, for frameworks and tools of the person's own. */
  readonly mesosCredentials: string;
}

/** `   dev: Apache's images …`: whose Mesos runs and why, where there was a choice. */
export function mesosChoice({ mesos }: ClusterView): string {
  return mesos ? `   ${mesos.distribution}: ${oneLine(mesos.why)}` : '';
}

/** Where Airflow and Mesos are, and how to get in. */
export function addressLines(cluster: ClusterView, logins: Logins, colors: Colors): string[] {
  const { airflow, master, name } = cluster;
  const login = logins.password === undefined ? '' : `   ${airflow?.username ?? ''} / ${logins.password}`;
  const open = colors.dim(`   (opens signed in with: mesos-airflow open${forName(name)})`);
  return [
    '',
    ...(airflow ? [`Airflow   ${colors.underline(airflow.url)}${login}${open}`] : []),
    `Mesos     ${colors.underline(master.url)}${mesosChoice(cluster)}${colors.dim(`   (login: ${logins.mesosCredentials})`)}`,
  ];
}
