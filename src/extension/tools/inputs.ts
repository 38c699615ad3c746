import * as z from 'zod/mini';

// What a language model gives each tool; package.json has the same as JSON Schema, with descriptions.

/** Which task run: by its id, or by what it is a try of. */
const which = {
  id: z.optional(z.string()),
  dag_id: z.optional(z.string()),
  run_id: z.optional(z.string()),
  task_id: z.optional(z.string()),
  map_index: z.optional(z.int()),
};

export const taskRunsInput = z.object({
  dag_id: z.optional(z.string()),
  run_id: z.optional(z.string()),
  task_id: z.optional(z.string()),
  state: z.optional(z.string()),
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
});
export type TaskRunsInput = z.infer<typeof taskRunsInput>;

export const whichTask = z.object(which);
export type WhichTask = z.infer<typeof whichTask>;

export const logInput = z.object({ ...which, file: z.optional(z.enum(['stdout', 'stderr'])) });
export type LogInput = z.infer<typeof logInput>;
