import * as l10n from '@vscode/l10n';
import type { Starting } from '../cluster/connection.ts';
import type { ClusterPicture } from '../cluster/picture.ts';
import { plain } from '../format.ts';
import type { Branch } from './rows.ts';

/** The phase that a start (or stop) is in. */
export function startingRow({ phase, detail }: Starting): Branch {
  return {
    row: {
      id: 'starting',
      label: phase,
      description: detail,
      icon: { id: 'sync~spin', colour: 'charts.blue' },
      context: 'starting',
      opens: 'never',
    },
  };
}

/** What is wrong with the cluster, as a row that offers the remedy. */
export function troubleRow({ connection, starting, state }: ClusterPicture): Branch | undefined {
  // While it is being stopped its parts end, and its service does not answer: no trouble.
  if (starting) return undefined;
  if (connection.phase === 'ended') {
    return errorRow(
      l10n.t('The cluster ended without being stopped'),
      l10n.t('click to start it again: its runs are kept'),
      {
        icon: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
        click: startCluster(),
      },
    );
  }
  if (connection.phase === 'lost') {
    const icon = { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' };
    const noAnswer = l10n.t('The cluster does not answer');
    const again = l10n.t('{0} · trying again', connection.why);
    return connection.startable
      ? errorRow(noAnswer, l10n.t('{0}, click to start it', again), { icon, click: startCluster() })
      : errorRow(noAnswer, again, { icon });
  }
  if (connection.phase === 'refused') {
    return errorRow(connection.what, [connection.why, connection.next].filter((part) => part).join(' · '));
  }
  if (state?.cluster.problem) {
    const failed = state.cluster.state === 'failed';
    return failed
      ? errorRow(l10n.t('The cluster has failed'), state.cluster.problem)
      : errorRow(l10n.t('The cluster is degraded'), state.cluster.problem, {
          icon: { id: 'warning', colour: 'charts.yellow' },
        });
  }
  return undefined;
}

type Click = NonNullable<Branch['row']['click']>;

function startCluster(): Click {
  return { command: 'mesosAirflow.start', title: l10n.t('Start Mesos Airflow Cluster'), arguments: [] };
}

function serviceLog(): Click {
  return { command: 'mesosAirflow.showServiceLog', title: l10n.t('Show Service Log'), arguments: [] };
}

function errorRow(
  label: string,
  description: string,
  {
    icon = { id: 'error', colour: 'charts.red' },
    click = serviceLog(),
  }: Pick<Branch['row'], 'icon' | 'click'> = {},
): Branch {
  const tooltip = `**${plain(label)}**\n\n${plain(description)}`;
  const context = click.command === 'mesosAirflow.start' ? 'startableTrouble' : 'trouble';
  return {
    row: { id: 'trouble', label, description, tooltip, icon, context, opens: 'never', click },
  };
}
