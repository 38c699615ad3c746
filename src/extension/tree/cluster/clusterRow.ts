import * as l10n from '@vscode/l10n';
import type { ClusterView } from '../../../api/people.ts';
import { noIncidents, type Incidents } from '../../cluster/incidents.ts';
import { clock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { partRow, standingParts } from './partRows.ts';

/** The cluster itself: its engine, how it stands and what is wrong with it, and below it its parts. */
export function clusterRow(cluster: ClusterView, now: number, incidents: Incidents = noIncidents): Branch {
  const parts = standingParts(cluster.parts, incidents);
  const ready = parts.filter(({ standing }) => standing.state === 'ready').length;
  const settled = ready === parts.length;
  const broken = parts.some(({ standing }) => standing.state === 'failed' || standing.state === 'exited');
  const about = [engineText(cluster)];
  // What Docker told of a part is newer than the service's word.
  if (settled || cluster.state !== 'ready') about.push(stateText(cluster));
  if (!settled) about.push(l10n.t('{0} of {1} parts ready', ready, parts.length));
  return {
    row: {
      // Another row while a part is not ready, because that one is open at first.
      id: settled ? 'cluster' : 'cluster:unsettled',
      label: cluster.name,
      description: about.join(' · '),
      tooltip: clusterTooltip(cluster, now),
      icon: iconOf(cluster, settled, broken),
      context: settled ? 'settledCluster' : 'unsettledCluster',
      opens: settled ? 'closed' : 'open',
    },
    below: parts.map((part) => ({ row: partRow(part, now) })),
  };
}

function iconOf(
  { state }: ClusterView,
  settled: boolean,
  broken: boolean,
): NonNullable<Branch['row']['icon']> {
  if (broken || state === 'failed') return { id: 'error', colour: 'charts.red' };
  if (!settled) return { id: 'sync~spin', colour: 'charts.blue' };
  if (state === 'degraded') return { id: 'warning', colour: 'charts.yellow' };
  return { id: 'server-process', colour: 'charts.green' };
}

/** `ready`, `degraded: scheduler is restarting`: the same words as the service's. */
function stateText({ state, problem }: ClusterView): string {
  return problem === null ? state : `${state}: ${problem}`;
}

/** The engine's name in a sentence. */
export function engineText({ engine }: Pick<ClusterView, 'engine'>): string {
  return engine === 'docker' ? 'Docker' : l10n.t('embedded');
}

/** `Mesos 1.11.0 (Apache)`: an embedded one's is always our own. */
export function mesosText({ master, mesos }: Pick<ClusterView, 'master' | 'mesos'>): string {
  const version = master.version === null ? 'Mesos' : `Mesos ${master.version}`;
  return `${version} (${mesos?.distribution === 'apache' ? 'Apache' : 'dev'})`;
}

function clusterTooltip(cluster: ClusterView, now: number): string {
  const facts: [string, string | null | undefined][] = [
    [l10n.t('engine'), engineText(cluster)],
    ['Airflow', cluster.airflow?.url],
    [l10n.t('DAG files'), cluster.dags_folder],
    [l10n.t('up since'), clock(cluster.started, now)],
    ['Mesos Airflow', cluster.version],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name}: ${plain(value)}`] : []));
  return [`**${plain(cluster.name)}** ${plain(stateText(cluster))}`, lines.join('  \n')].join('\n\n');
}
