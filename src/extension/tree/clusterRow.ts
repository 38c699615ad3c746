import type { ClusterView } from '../../api/people.ts';
import { noIncidents, type Incidents } from '../cluster/incidents.ts';
import { clock, plain } from '../format.ts';
import { partRow, standingParts } from './partRows.ts';
import type { Branch } from './rows.ts';

/** The cluster itself: its engine, whose Mesos it is and why, and below it its parts. */
export function clusterRow(cluster: ClusterView, now: number, incidents: Incidents = noIncidents): Branch {
  const parts = standingParts(cluster.parts, incidents);
  const ready = parts.filter(({ standing }) => standing.state === 'ready').length;
  const settled = ready === parts.length;
  const broken = parts.some(({ standing }) => standing.state === 'failed' || standing.state === 'exited');
  const about = [engineText(cluster), mesosText(cluster)];
  if (!settled) about.push(`${ready} of ${parts.length} parts ready`);
  return {
    row: {
      // Another row while a part is not ready, because that one is open at first.
      id: settled ? 'cluster' : 'cluster:unsettled',
      label: cluster.name,
      description: about.join(' · '),
      tooltip: clusterTooltip(cluster, now),
      icon: iconOf(settled, broken),
      context: settled ? 'settledCluster' : 'unsettledCluster',
      opens: settled ? 'closed' : 'open',
    },
    below: parts.map((part) => ({ row: partRow(part, now) })),
  };
}

function iconOf(settled: boolean, broken: boolean): NonNullable<Branch['row']['icon']> {
  if (settled) return { id: 'server-process', colour: 'charts.green' };
  return broken ? { id: 'error', colour: 'charts.red' } : { id: 'sync~spin', colour: 'charts.blue' };
}

/** The engine's name in a sentence. */
export function engineText({ engine }: Pick<ClusterView, 'engine'>): string {
  return engine === 'docker' ? 'Docker' : 'embedded';
}

/** `Mesos 1.11.0 (Apache)`: an embedded one's is always our own. */
export function mesosText({ master, mesos }: ClusterView): string {
  const version = master.version === null ? 'Mesos' : `Mesos ${master.version}`;
  return `${version} (${mesos?.distribution === 'apache' ? 'Apache' : 'dev'})`;
}

function clusterTooltip(cluster: ClusterView, now: number): string {
  const facts: [string, string | null | undefined][] = [
    ['engine', engineText(cluster)],
    ['Mesos', mesosText(cluster).replace(/^Mesos /, '')],
    ['why this Mesos', cluster.mesos?.why],
    ['master', cluster.master.url],
    ['Airflow', cluster.airflow?.url],
    ['DAG files', cluster.dags_folder],
    ['up since', clock(cluster.started, now)],
    ['Mesos Airflow', cluster.version],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name}: ${plain(value)}`] : []));
  return [`**${plain(cluster.name)}** ${cluster.state}`, lines.join('  \n')].join('\n\n');
}
