import * as z from 'zod/mini';
import { errorRecord } from './errors.ts';

/** What became of a part of a cluster in Docker, as `mesos-airflow watch` tells it. */
export const partIncident = z.object({
  type: z.literal('incident'),
  part: z.string(),
  state: z.enum(['running', 'restarting', 'exited']),
  /** How it ended, in a sentence. */
  detail: z.string(),
  /** The last ones of its log. */
  lines: z.array(z.string()),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type PartIncident = z.infer<typeof partIncident>;

/** What the command line says of itself with `--progress json`, a line each (docs/cli.md). */
const progressLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phase'),
    phase: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    detail: z.string(),
    elapsed_ms: z.number(),
  }),
  z.object({ type: z.literal('notice'), text: z.string(), following: z.optional(z.boolean()) }),
  partIncident,
  z.object({ type: z.literal('error'), ...errorRecord.def.shape }),
]);
export type ProgressLine = z.infer<typeof progressLine>;
export type PhaseLine = Extract<ProgressLine, { type: 'phase' }>;

/** A line of progress, or undefined where it is none that we know: a newer command line may say more. */
export function parseProgress(line: string): ProgressLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = z.safeParse(progressLine, value);
  return parsed.success ? parsed.data : undefined;
}
