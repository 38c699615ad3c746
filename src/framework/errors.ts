/** The cursor is of another history, or events after it were pruned: the caller must ask for states anew. */
export class CursorTooOld extends Error {
  readonly cursor: string;
  constructor(cursor: string) {
    super(`Events after ${cursor} are no longer kept.`);
    this.name = 'CursorTooOld';
    this.cursor = cursor;
  }
}

/** A beginning of an id that fits several: the caller shows the candidates (at most 10). */
export class AmbiguousId extends Error {
  readonly prefix: string;
  readonly candidates: readonly string[];
  constructor(prefix: string, candidates: readonly string[]) {
    super(`${prefix} is the beginning of several ids: ${candidates.join(', ')}.`);
    this.name = 'AmbiguousId';
    this.prefix = prefix;
    this.candidates = candidates;
  }
}

/** Why a ticket was refused. `used`, `unknown`, `foreign` are worth a look: somebody else may hold it. */
export class TicketRefused extends Error {
  readonly why: 'unknown' | 'used' | 'expired' | 'over' | 'foreign';
  /** The attempt that the ticket was made for; null if there is none. */
  readonly mesosTaskId: string | null;
  constructor(why: TicketRefused['why'], mesosTaskId: string | null) {
    super(
      {
        unknown: 'No attempt has this ticket.',
        used: 'This ticket was used before.',
        expired: 'This ticket is too old.',
        over: 'The attempt of this ticket is over or is being killed.',
        foreign: 'This ticket is for a task on another agent.',
      }[why],
    );
    this.name = 'TicketRefused';
    this.why = why;
    this.mesosTaskId = mesosTaskId;
  }
}

/** No attempt has this receipt. */
export class ReceiptRefused extends Error {
  constructor() {
    super('No attempt has this receipt.');
    this.name = 'ReceiptRefused';
  }
}

/** The store could not be written (`code`: SQLite's name, as SQLITE_FULL). Nothing was changed; trying again is safe. */
export class StoreUnavailable extends Error {
  readonly code: string;
  constructor(code: string, cause: unknown) {
    super(`The store could not be written (${code}).`, { cause });
    this.name = 'StoreUnavailable';
    this.code = code;
  }
}

/** The file was written by a newer version of this program, or is no store at all. */
export class StoreUnusable extends Error {
  readonly file: string;
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} cannot be used: ${why}`, cause === undefined ? undefined : { cause });
    this.name = 'StoreUnusable';
    this.file = file;
  }
}
