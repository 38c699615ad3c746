import * as z from 'zod/mini';
import { ExplainedError } from '../../host/errors.ts';

/** Thrown where the person cancelled; the command line has rolled back by then. */
export class CancelledError extends Error {
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

/** An error as the command line tells it to programs (docs/cli.md, "Errors"). */
export const errorRecord = z.object({
  error: z.string(),
  why: z.optional(z.nullable(z.string())),
  next: z.optional(z.nullable(z.string())),
  kind: z.optional(z.nullable(z.string())),
});
export type ErrorRecord = z.infer<typeof errorRecord>;

/** What the command line says went wrong. */
export class CommandLineError extends ExplainedError {
  /** Which cause it is, for remedies; undefined where nobody thought of it. */
  readonly kind: string | undefined;

  constructor({ error, why, next, kind }: ErrorRecord) {
    super(error, { ...(why ? { why } : {}), ...(next ? { next } : {}) });
    this.name = 'CommandLineError';
    this.kind = kind ?? undefined;
  }
}
