/**
 * An error meant for a person: what happened (the message), why, and what to do next. Whoever shows it prints
 * the three parts; nobody matches on the words.
 */
export class ExplainedError extends Error {
  readonly why: string | undefined;
  readonly next: string | undefined;

  constructor(what: string, parts: { why?: string; next?: string; cause?: unknown } = {}) {
    super(what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'ExplainedError';
    this.why = parts.why;
    this.next = parts.next;
  }
}

/** The message of whatever was thrown, in one line fit for a log. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error (`ENOENT`, `ECONNREFUSED`, …), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
