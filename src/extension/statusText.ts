import type { ClusterView } from '../api/people.ts';
import { noIncidents, type Incidents } from './cluster/incidents.ts';
import type { ClusterPicture } from './cluster/picture.ts';
import type { EngineName } from './engine/facts.ts';
import { engineText, mesosText } from './tree/cluster/clusterRow.ts';
import { standingParts } from './tree/cluster/partRows.ts';

export interface StatusText {
  /** With codicons, as a status bar item takes it. */
  readonly text: string;
  readonly tooltip: string;
  readonly look: 'plain' | 'warning' | 'error';
}

/** What the status bar says of the cluster: its state and counts; nothing where there is none. */
export function statusText(picture: ClusterPicture): StatusText | undefined {
  const { connection, starting, state } = picture;
  if (starting) {
    const name = starting.engine ? named(starting.engine) : 'Mesos Airflow';
    return plainText(`$(sync~spin) ${name}: ${starting.phase}…`, starting.detail);
  }
  const engine = state?.cluster.engine;
  const name = engine ? named(engine) : 'Mesos Airflow';
  switch (connection.phase) {
    case 'unknown':
    case 'absent':
    case 'ended':
      return undefined;
    case 'lost':
      return {
        text: `$(debug-disconnect) ${name}: not answering`,
        tooltip: connection.why,
        look: 'warning',
      };
    case 'refused':
      return { text: `$(error) ${name}`, tooltip: connection.what, look: 'error' };
    case 'live':
      return state && (deadText(state.cluster, picture.incidents ?? noIncidents) ?? liveText(state.cluster));
  }
}

/** Of a part whose container died, before the service has noticed. */
function deadText(cluster: ClusterView, incidents: Incidents): StatusText | undefined {
  if (cluster.state !== 'ready') return undefined;
  const dead = standingParts(cluster.parts, incidents).find(({ standing }) => standing.state === 'exited');
  if (!dead) return undefined;
  const text = `$(warning) ${named(cluster.engine)}: ${dead.part.name} exited`;
  return { text, tooltip: dead.standing.detail, look: 'warning' };
}

/** `Mesos Airflow (Docker)`. */
function named(engine: EngineName): string {
  return `Mesos Airflow (${engineText({ engine })})`;
}

function liveText(cluster: ClusterView): StatusText {
  const name = named(cluster.engine);
  const problem = cluster.problem ?? '';
  switch (cluster.state) {
    case 'starting': {
      const part = cluster.parts.find(({ state }) => state !== 'ready');
      return plainText(`$(sync~spin) ${name}: ${part ? `${part.name}…` : 'starting…'}`, part?.detail ?? '');
    }
    case 'stopping':
      return plainText(`$(sync~spin) ${name}: stopping…`, '');
    case 'failed':
      return { text: `$(error) ${name}: failed`, tooltip: problem, look: 'error' };
    case 'degraded':
      return { text: `$(warning) ${name}: degraded`, tooltip: problem, look: 'warning' };
    case 'ready': {
      const { running, launched, waiting } = cluster.counts;
      const counts = [
        running > 0 ? `${running} running` : '',
        launched > 0 ? `${launched} starting` : '',
        waiting > 0 ? `${waiting} waiting` : '',
      ].filter((part) => part !== '');
      const text = [`$(check) ${name}`, ...(counts.length > 0 ? counts : ['idle'])].join(' · ');
      return plainText(text, readyTooltip(cluster));
    }
  }
}

function readyTooltip(cluster: ClusterView): string {
  const where = cluster.airflow ? ` Airflow: ${cluster.airflow.url}` : '';
  return `The cluster ${cluster.name} (${engineText(cluster)}, ${mesosText(cluster)}) is ready.${where}`;
}

function plainText(text: string, tooltip: string): StatusText {
  return { text, tooltip, look: 'plain' };
}
