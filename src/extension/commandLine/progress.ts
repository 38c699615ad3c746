import * as z from 'zod/mini';

/** What the command line says of itself with `--progress json`, a line each (docs/cli.md). */
const progressLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phase'),
    phase: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    detail: z.string(),
    elapsed_ms: z.number(),
  }),
  z.object({ type: z.literal('notice'), text: z.string() }),
  z.object({
    type: z.literal('error'),
    error: z.string(),
    why: z.optional(z.nullable(z.string())),
    next: z.optional(z.nullable(z.string())),
  }),
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
