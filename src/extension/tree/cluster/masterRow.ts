import * as l10n from '@vscode/l10n';
import type { ClusterView } from '../../../api/people.ts';
import { age, clock, plain } from '../../format.ts';
import type { Branch } from '../rows.ts';
import { mesosText } from './clusterRow.ts';

type Standing = 'leading' | 'starting' | 'stopping' | 'unconnected';

const icons: Readonly<Record<Standing, NonNullable<Branch['row']['icon']>>> = {
  leading: { id: 'star-full', colour: 'charts.green' },
  starting: { id: 'sync~spin', colour: 'charts.blue' },
  stopping: { id: 'sync~spin', colour: 'mesosAirflow.interrupted' },
  unconnected: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
};

/** The name of the master's part, whose log tells of its trouble. */
const masterPart = 'mesos-master';

/** The leading master, as the service reaches it. Where it does not answer, a click shows why. */
export function masterRow(cluster: ClusterView, now: number): Branch {
  const standing = standingOf(cluster);
  const hasLog = cluster.parts.some(({ name }) => name === masterPart);
  return {
    row: {
      id: 'master',
      label: l10n.t('Master {0}', addressOf(cluster.master.url)),
      description: descriptionOf(cluster, standing, hasLog, now),
      tooltip: tooltipOf(cluster, standing, now),
      icon: icons[standing],
      context: `${standing}Master`,
      opens: 'never',
      ...(hasLog ? { target: { part: masterPart } } : {}),
      ...(standing === 'unconnected' && hasLog
        ? {
            click: {
              command: 'mesosAirflow.showPartLog',
              title: l10n.t('Show Log'),
              arguments: [`part:${masterPart}`],
            },
          }
        : {}),
    },
  };
}

function standingOf({ master, state }: ClusterView): Standing {
  if (master.connected) return 'leading';
  return state === 'starting' || state === 'stopping' ? state : 'unconnected';
}

function descriptionOf(cluster: ClusterView, standing: Standing, hasLog: boolean, now: number): string {
  if (standing !== 'leading') return standing === 'unconnected' ? notConnected(hasLog) : standing;
  const { started, elected } = cluster.master;
  const since = started ?? elected;
  const about = [l10n.t('leading'), mesosText(cluster)];
  if (since !== undefined) about.push(l10n.t('up {0}', age(now - since)));
  return about.join(' · ');
}

function notConnected(hasLog: boolean): string {
  return hasLog
    ? l10n.t('not connected: it is tried again, click for its log')
    : l10n.t('not connected: it is tried again');
}

function tooltipOf(cluster: ClusterView, standing: Standing, now: number): string {
  const { master, mesos, problem } = cluster;
  const time = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : `${clock(at, now)} (${age(now - at)})`;
  const facts: [string, string | undefined][] = [
    [l10n.t('address'), master.url],
    [l10n.t('leader'), master.leader],
    ['Mesos', mesosText(cluster).replace(/^Mesos /, '')],
    [l10n.t('why this Mesos'), mesos?.why],
    [l10n.t('started'), time(master.started)],
    [l10n.t('elected'), time(master.elected)],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${plain(value)}`]));
  const blocks = [
    `**${l10n.t('Mesos master')}** ${standing === 'unconnected' ? l10n.t('not connected') : standing}`,
  ];
  if (standing === 'unconnected') {
    if (problem !== null) blocks.push(plain(problem));
    blocks.push(l10n.t('What is shown below is what it said last. Tasks that run go on without it.'));
  }
  return [...blocks, lines.join('  \n')].join('\n\n');
}

/** `127.0.0.1:5050`, of its address. */
function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
