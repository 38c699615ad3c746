import * as z from 'zod/mini';

const sized = z.object({ bytes: z.number() });

/** What `mesos-airflow purge --dry-run --json` prints. */
export const purgePlan = z.object({
  clusters: z.array(
    z.object({ name: z.string(), engine: z.string(), state: z.string(), goes: z.array(z.string()) }),
  ),
  caches: z.array(z.object({ ...sized.def.shape, path: z.string(), what: z.string() })),
  images: z.array(z.object({ ...sized.def.shape, name: z.string() })),
  stays: z.array(z.string()),
});
export type PurgePlan = z.infer<typeof purgePlan>;

/** What would go and what stays; removes nothing. */
export const purgePlanArguments: readonly string[] = ['purge', '--dry-run', '--json'];
export const purgeArguments: readonly string[] = ['purge', '--yes', '--progress', 'json'];
