import type { ClusterPicture } from '../../cluster/picture.ts';
import { outlineOf, type Branch, type Outline } from '../rows.ts';
import { troubleRow } from '../trouble.ts';
import type { ViewOf } from '../viewOf.ts';
import { agentRows } from './agentRows.ts';
import { clusterRow } from './clusterRow.ts';
import { offerRows } from './offerRows.ts';

const topics = new Set(['cluster', 'agents', 'frameworks', 'offers', 'tasks'] as const);

/** The view "Cluster": its parts, the agents and the offers. */
export const clusterView: ViewOf = {
  id: 'mesosAirflow.cluster',
  outline: clusterOutline,
  topics: () => topics,
};

export function clusterOutline(picture: ClusterPicture, now: number): Outline {
  const { state, incidents } = picture;
  const branches: Branch[] = [];
  const trouble = troubleRow(picture);
  if (trouble) branches.push(trouble);
  if (state)
    branches.push(clusterRow(state.cluster, now, incidents), agentRows(state.agents), offerRows(state, now));
  return outlineOf(branches);
}
