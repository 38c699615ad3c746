import type { Connection, Starting } from './connection.ts';
import type { Incidents } from './incidents.ts';
import type { ClusterState } from './state.ts';

/** All that is known of a cluster at one moment: what views are made of. */
export interface ClusterPicture {
  readonly connection: Connection;
  readonly starting: Starting | undefined;
  readonly state: ClusterState | undefined;
  /** In Docker: what was told of the parts' containers. */
  readonly incidents?: Incidents;
}
