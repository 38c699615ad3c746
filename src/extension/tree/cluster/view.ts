import type { Topic } from '../../../client/subscription.ts';
import type { ClusterPicture } from '../../cluster/picture.ts';
import { Paging } from '../paging.ts';
import { outlineOf, type Branch, type Outline } from '../rows.ts';
import { troubleRow } from '../trouble.ts';
import type { ViewOf } from '../viewOf.ts';
import { agentRows } from './agentRows.ts';
import { clusterRow } from './clusterRow.ts';
import { frameworkRows } from './frameworkRows.ts';
import { masterRow } from './masterRow.ts';
import { MesosTaskRows, mesosTasksTopic } from './mesosTaskRows.ts';
import { offerRows } from './offerRows.ts';

/** Rows with a cluster's tasks below them, by the beginning of their ids, and the row below which they stand. */
const groups = [
  ['agents', 'agent:'],
  ['frameworks', 'framework:'],
] as const;

/** The view "Cluster": the cluster with its parts, the master, agents, frameworks and offers. */
export class ClusterViewOf implements ViewOf {
  readonly id = 'mesosAirflow.cluster';
  readonly #paging = new Paging(this.id);
  readonly onDidChange = this.#paging.onDidChange;

  outline(picture: ClusterPicture, now: number, open: ReadonlySet<string>): Outline {
    const { connection, starting, state, incidents } = picture;
    const branches: Branch[] = [];
    // What is wrong with a cluster that answers stands in its own row.
    const trouble = connection.phase === 'live' || starting ? undefined : troubleRow(picture);
    if (trouble) branches.push(trouble);
    if (state) {
      const making = { now, open, paging: this.#paging, tasks: new MesosTaskRows(state, this.#paging) };
      branches.push(
        clusterRow(state.cluster, now, incidents),
        masterRow(state.cluster, now),
        agentRows(state, making),
        frameworkRows(state, making),
        offerRows(state, making),
      );
    }
    return outlineOf(branches);
  }

  topics(open: ReadonlySet<string>): ReadonlySet<Topic> {
    const topics = new Set<Topic>(['cluster', 'agents', 'frameworks', 'offers']);
    const showsTasks = [...open].some((id) =>
      groups.some(([group, row]) => open.has(group) && id.startsWith(row)),
    );
    if (showsTasks) topics.add(mesosTasksTopic);
    // For the names of our task runs.
    if (showsTasks || open.has('offers')) topics.add('tasks');
    return topics;
  }

  loadMore(id: string): void {
    this.#paging.loadMore(id);
  }
}
