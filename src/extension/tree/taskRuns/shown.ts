import type { ClusterState } from '../../cluster/state.ts';
import type { Matches } from './filter.ts';
import type { TaskRunOptions } from './options.ts';

export const viewId = 'mesosAirflow.taskRuns';

/** What the groupings make rows of. */
export interface Shown {
  readonly state: ClusterState;
  readonly now: number;
  readonly open: ReadonlySet<string>;
  readonly options: TaskRunOptions;
  /** Undefined where there is no filter. */
  readonly matches: Matches | undefined;
  /** How many rows are shown below a row, by its id, where a person asked for more. */
  readonly limits: ReadonlyMap<string, number>;
}
