import type { Connection, Starting } from '../cluster/connection.ts';
import type { Incidents } from '../cluster/incidents.ts';
import type { ClusterState } from '../cluster/state.ts';
import { plain } from '../format.ts';
import { agentRows } from './agentRows.ts';
import { clusterRow } from './clusterRow.ts';
import { offerRows } from './offerRows.ts';
import { outlineOf, type Branch, type Outline } from './rows.ts';
import { taskRunRows } from './taskRunRows.ts';

/** All that the tree shows. */
export interface ClusterPicture {
  readonly connection: Connection;
  readonly starting: Starting | undefined;
  readonly state: ClusterState | undefined;
  /** In Docker: what was told of the parts' containers. */
  readonly incidents?: Incidents;
}

/** The tree of a cluster. Empty (so that the welcome shows) where there is no cluster and none is being started. */
export function clusterOutline(
  { connection, starting, state, incidents }: ClusterPicture,
  now: number,
): Outline {
  const branches: Branch[] = [];
  // Once there is a service, its parts say more.
  if (starting && !state) branches.push(startingRow(starting));
  // While it is being stopped its parts end, and its service does not answer: no trouble.
  const trouble = starting ? undefined : troubleRow(connection, state);
  if (trouble) branches.push(trouble);
  if (state) {
    branches.push(
      clusterRow(state.cluster, now, incidents),
      taskRunRows(state.tasks.values(), now),
      agentRows(state.agents),
      offerRows(state, now),
    );
  }
  return outlineOf(branches);
}

function startingRow({ phase, detail }: Starting): Branch {
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

/** What is wrong, as a row that offers the remedy. */
function troubleRow(connection: Connection, state: ClusterState | undefined): Branch | undefined {
  if (connection.phase === 'ended') {
    return errorRow('The cluster ended without being stopped', 'click to start it again: its runs are kept', {
      icon: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
      click: startCluster,
    });
  }
  if (connection.phase === 'lost') {
    const icon = { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' };
    const again = `${connection.why} · trying again`;
    return connection.startable
      ? errorRow('The cluster does not answer', `${again}, click to start it`, { icon, click: startCluster })
      : errorRow('The cluster does not answer', again, { icon });
  }
  if (connection.phase === 'refused') {
    return errorRow(connection.what, [connection.why, connection.next].filter((part) => part).join(' · '));
  }
  if (state?.cluster.problem) {
    const failed = state.cluster.state === 'failed';
    return failed
      ? errorRow('The cluster has failed', state.cluster.problem)
      : errorRow('The cluster is degraded', state.cluster.problem, {
          icon: { id: 'warning', colour: 'charts.yellow' },
        });
  }
  return undefined;
}

const startCluster = { command: 'mesosAirflow.start', title: 'Start Mesos Airflow Cluster', arguments: [] };
const serviceLog = { command: 'mesosAirflow.showServiceLog', title: 'Show Service Log', arguments: [] };

function errorRow(
  label: string,
  description: string,
  {
    icon = { id: 'error', colour: 'charts.red' },
    click = serviceLog,
  }: Pick<Branch['row'], 'icon' | 'click'> = {},
): Branch {
  const tooltip = `**${plain(label)}**\n\n${plain(description)}`;
  const context = click === startCluster ? 'startableTrouble' : 'trouble';
  return {
    row: { id: 'trouble', label, description, tooltip, icon, context, opens: 'never', click },
  };
}
