import * as z from 'zod/mini';
import type { StateKind } from '../../../words/states.ts';

export const groupings = ['dag', 'agent', 'flat'] as const;
export type Grouping = (typeof groupings)[number];

export const sorts = ['newest', 'longest', 'name', 'failed'] as const;
export type Sort = (typeof sorts)[number];

/** The states that a person chooses from, those first which are looked for most. */
export const filterStates = [
  'failed',
  'lost',
  'killed',
  'running',
  'starting',
  'waiting',
  'retry',
  'deferred',
  'success',
  'finished',
  'skipped',
  'superseded',
] as const satisfies readonly StateKind[];

const taskRunOptions = z.object({
  grouping: z.enum(groupings),
  sort: z.enum(sorts),
  filter: z.object({
    /** Part of a name, or with `*` a pattern of the whole one. Empty: all. */
    name: z.string(),
    /** Empty: all. */
    states: z.array(z.enum(filterStates)),
  }),
});
/** How task runs are shown, as a person chose it for the workspace. */
export type TaskRunOptions = z.infer<typeof taskRunOptions>;
export type Filter = TaskRunOptions['filter'];

export const noFilter: Filter = { name: '', states: [] };
export const usualOptions: TaskRunOptions = { grouping: 'dag', sort: 'newest', filter: noFilter };

/** What was remembered; the usual where there is nothing, or another version wrote it. */
export function optionsFrom(remembered: unknown): TaskRunOptions {
  const parsed = z.safeParse(taskRunOptions, remembered);
  return parsed.success ? parsed.data : usualOptions;
}
