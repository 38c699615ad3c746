import type { Connection, Starting } from './connection.ts';
import type { Incidents } from './incidents.ts';
import type { ClusterState } from './state.ts';

/** The time that the picture is of: this moment's, or the recording's that is shown. Milliseconds since the epoch. */
export function timeIn({ state }: Pick<ClusterPicture, 'state'>): number {
  return state?.cluster.recording?.at ?? Date.now();
}

/** All that is known of a cluster at one moment: what views are made of. */
export interface ClusterPicture {
  readonly connection: Connection;
  readonly starting: Starting | undefined;
  readonly state: ClusterState | undefined;
  /** In Docker: what was told of the parts' containers. */
  readonly incidents?: Incidents;
}
