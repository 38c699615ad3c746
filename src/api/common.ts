import * as z from 'zod/mini';

/** The version of this HTTP API. A client and a service of different versions do not talk: the client says which is older. */
export const protocolVersion = 2;

/** Times are milliseconds since the Unix epoch, whole. */
export const instant = z.int();

/** Amounts as Mesos counts them: cpus and gpus in cores and devices, mem and disk in megabytes (2^20 bytes). */
export const resources = z.object({
  cpus: z.number().check(z.nonnegative()),
  mem: z.number().check(z.nonnegative()),
  disk: z.number().check(z.nonnegative()),
  gpus: z.number().check(z.nonnegative()),
});
export type Resources = z.infer<typeof resources>;

/** What every answer of 400 and above carries: what happened, why, and what to do next. */
export const problem = z.object({
  error: z.string(),
  why: z.optional(z.string()),
  next: z.optional(z.string()),
});
export type Problem = z.infer<typeof problem>;

/**
 * A place in the stream of events: `<epoch>:<seq>`. The epoch changes whenever the store's history begins anew, so
 * that a cursor of another history is told apart from an old one of this.
 */
export const cursor = z.string().check(z.regex(/^[0-9a-f-]+:\d+$/));
