import type { ClusterPicture } from '../../cluster/picture.ts';
import { loadingRow, outlineOf, type Branch, type Outline } from '../rows.ts';
import { startingRow, troubleRow } from '../trouble.ts';
import type { ViewOf } from '../viewOf.ts';
import { taskRunRows } from './taskRunRows.ts';

const topics = new Set(['cluster', 'tasks'] as const);

/** The view "Task Runs". Empty (so that the welcome shows) where there is no cluster and none is being started. */
export const taskRunsView: ViewOf = {
  id: 'mesosAirflow.taskRuns',
  outline: taskRunsOutline,
  topics: () => topics,
};

export function taskRunsOutline(picture: ClusterPicture, now: number): Outline {
  const { starting, state } = picture;
  const branches: Branch[] = [];
  // Once there is a service, its parts say more.
  if (starting && !state) branches.push(startingRow(starting));
  const trouble = troubleRow(picture);
  if (trouble) branches.push(trouble);
  if (state) branches.push(state.tasks ? taskRunRows(state.tasks.values(), now) : loadingRow('taskRuns'));
  return outlineOf(branches);
}
