import type { ClusterPicture } from './tree/clusterOutline.ts';

export interface StatusText {
  /** With codicons, as a status bar item takes it. */
  readonly text: string;
  readonly tooltip: string;
  readonly look: 'plain' | 'warning' | 'error';
}

/** What the status bar says of the cluster: its state and counts; nothing where there is none. */
export function statusText({ connection, starting, state }: ClusterPicture): StatusText | undefined {
  if (starting) return plainText(`$(sync~spin) Mesos Airflow: ${starting.phase}…`, starting.detail);
  switch (connection.phase) {
    case 'unknown':
    case 'absent':
    case 'ended':
      return undefined;
    case 'lost':
      return {
        text: '$(debug-disconnect) Mesos Airflow: not answering',
        tooltip: connection.why,
        look: 'warning',
      };
    case 'refused':
      return { text: '$(error) Mesos Airflow', tooltip: connection.what, look: 'error' };
    case 'live':
      return state && liveText(state.cluster);
  }
}

function liveText(cluster: NonNullable<ClusterPicture['state']>['cluster']): StatusText {
  const problem = cluster.problem ?? '';
  switch (cluster.state) {
    case 'starting': {
      const part = cluster.parts.find(({ state }) => state !== 'ready');
      return plainText(
        `$(sync~spin) Mesos Airflow: ${part ? `${part.name}…` : 'starting…'}`,
        part?.detail ?? '',
      );
    }
    case 'stopping':
      return plainText('$(sync~spin) Mesos Airflow: stopping…', '');
    case 'failed':
      return { text: '$(error) Mesos Airflow: failed', tooltip: problem, look: 'error' };
    case 'degraded':
      return { text: '$(warning) Mesos Airflow: degraded', tooltip: problem, look: 'warning' };
    case 'ready': {
      const { running, launched, waiting } = cluster.counts;
      const counts = [
        running > 0 ? `${running} running` : '',
        launched > 0 ? `${launched} starting` : '',
        waiting > 0 ? `${waiting} waiting` : '',
      ].filter((part) => part !== '');
      const text = ['$(check) Mesos Airflow', ...(counts.length > 0 ? counts : ['idle'])].join(' · ');
      return plainText(text, `Cluster ${cluster.name} (${cluster.engine}) is ready.`);
    }
  }
}

function plainText(text: string, tooltip: string): StatusText {
  return { text, tooltip, look: 'plain' };
}
