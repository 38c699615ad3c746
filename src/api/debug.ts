import * as z from 'zod/mini';
import { taskRun } from './people.ts';

// Debug copies of tasks.
//   POST tasks/{id}/debug      debugRequest -> debugCopy (201): a copy of the task, which waits on an agent for a debugger
//   POST attempts/read         readRequest -> readResponse     (of a copy, with its receipt: what it reads of its run)
// A copy is a Mesos task `debug:<dag>/<task>` that no Airflow knows of. It has an id as task runs have: GET tasks/{id}, its
// log and kill take it; lists and subscriptions leave it out. To attach: the command `relay` in a session without a terminal
// (POST tasks/{id}/session), with the Debug Adapter Protocol on its streams.

/** How long a copy waits for a debugger, where nothing is said. Seconds. */
export const usualPatience = 300;

export const debugRequest = z.object({
  /** Seconds for which it waits for a debugger before it ends. Default 300. */
  patience: z.optional(z.number().check(z.gte(1), z.lte(3600))),
});
export type DebugRequest = z.infer<typeof debugRequest>;

export const debugCopy = z.object({
  task: taskRun,
  /** The command that leads to the copy, for a session in its sandbox. */
  relay: z.array(z.string()),
});
export type DebugCopy = z.infer<typeof debugCopy>;

/** One thing that a copy reads. */
export const readRequest = z.object({
  receipt: z.string().check(z.minLength(1)),
  xcom: z.optional(
    z.object({
      dag_id: z.string(),
      run_id: z.string(),
      task_id: z.string(),
      key: z.string(),
      /** Of this instance alone; else of all of a mapped task. */
      map_index: z.optional(z.int()),
    }),
  ),
  variable: z.optional(z.string()),
  connection: z.optional(z.string()),
});

export type ReadRequest = z.infer<typeof readRequest>;

/** What was asked for. Of a variable or connection that Airflow has not, or does not tell: 404. */
export const readResponse = z.object({
  xcoms: z.optional(z.array(z.object({ map_index: z.int(), value: z.unknown() }))),
  variable: z.optional(z.string()),
  connection: z.optional(z.record(z.string(), z.unknown())),
});
export type ReadResponse = z.infer<typeof readResponse>;
