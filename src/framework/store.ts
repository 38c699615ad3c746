import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { AttemptTable } from './attempts.ts';
import { text } from './columns.ts';
import { StoreUnavailable, StoreUnusable } from './errors.ts';
import { EventTable } from './events.ts';
import { RequestTable } from './requests.ts';
import { migrate } from './schema.ts';

/** What the framework keeps on the disk. One writer: whoever opens it holds the cluster's lock. */
export class Store {
  readonly requests: RequestTable;
  readonly attempts: AttemptTable;
  readonly events: EventTable;
  /** Changes whenever the history begins anew. */
  readonly epoch: string;
  readonly #db: DatabaseSync;
  readonly #bury: StatementSync;
  readonly #isBuried: StatementSync;

  constructor(db: DatabaseSync, epoch: string) {
    this.#db = db;
    this.requests = new RequestTable(db);
    this.attempts = new AttemptTable(db);
    this.events = new EventTable(db);
    this.epoch = epoch;
    this.#bury = db.prepare('INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)');
    this.#isBuried = db.prepare('SELECT 1 FROM tombstones WHERE deployment = ? AND id = ?');
  }

  /** The id that Mesos gave us; null before the first subscription and after the framework was removed. */
  get frameworkId(): string | null {
    return this.#meta('framework_id');
  }

  /** Of the master subscribed to last. */
  get masterId(): string | null {
    return this.#meta('master_id');
  }

  /** To be called inside `transaction`, as all that writes. */
  setFrameworkId(id: string | null): void {
    this.#setMeta('framework_id', id);
  }

  setMasterId(id: string | null): void {
    this.#setMeta('master_id', id);
  }

  /** Remembers that an id must never start. */
  bury(deployment: string, id: string, at: number): void {
    this.#bury.run(deployment, id, at);
  }

  isBuried(deployment: string, id: string): boolean {
    return this.#isBuried.get(deployment, id) !== undefined;
  }

  pruneTombstones(before: number): void {
    this.#db.prepare('DELETE FROM tombstones WHERE at < ?').run(before);
  }

  /**
   * All or nothing: when this returns, what `work` wrote is on the disk; when it throws, nothing is.
   * @throws StoreUnavailable where SQLite could not write: disk full, input/output error, file busy
   */
  transaction<T>(work: () => T): T {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw storeError(error);
    }
  }

  /** Closes the file. The framework must be stopped before. */
  close(): void {
    this.#db.close();
  }

  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch (error) {
      // After a full disk or an input/output error SQLite has often rolled back by itself, and then says just this.
      if (sqliteCode(error) === undefined) throw error;
    }
  }

  #meta(key: string): string | null {
    const row = this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
    return row ? text(row, 'value') : null;
  }

  #setMeta(key: string, value: string | null): void {
    if (value === null) this.#db.prepare('DELETE FROM meta WHERE key = ?').run(key);
    else
      this.#db
        .prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
        .run(key, value);
  }
}

/**
 * Opens the store, made with mode 0600 if it isn't there, and brings its schema up to date.
 * `uuid` gives the epoch of a new history.
 * @throws StoreUnusable if it is from a newer version, or no store
 */
export function openStore(file: string, uuid: () => string): Store {
  // SQLite gives its -wal and -shm files the mode of the database file.
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  fs.chmodSync(file, 0o600);
  const db = new DatabaseSync(file);
  try {
    return new Store(db, prepare(db, file, uuid));
  } catch (error) {
    db.close();
    if (error instanceof StoreUnusable || sqliteCode(error) === undefined) throw error;
    throw new StoreUnusable(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** Sets the connection up, migrates, and gives the history's epoch. */
export function prepare(db: DatabaseSync, file: string, uuid: () => string): string {
  // FULL: a commit must outlive a power cut, since an acknowledged update never comes again. Updates are gathered, so it
  // costs one sync for many. secure_delete: a forgotten workload holds a token. temp_store: there may be no folder to write
  // temporary files to but the store's own.
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 2000;',
  );
  migrate(db, file);
  db.prepare("INSERT OR IGNORE INTO meta VALUES ('epoch', ?)").run(uuid());
  return text(db.prepare("SELECT value FROM meta WHERE key = 'epoch'").get() ?? {}, 'value');
}

/** SQLite's own result code, of an error that node:sqlite threw. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}

// Result codes (sqlite.org/rescode.html) that speak of the file and not of the statement: to be tried again.
const unavailable = new Map<number, string>([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [7, 'SQLITE_NOMEM'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);

function storeError(error: unknown): unknown {
  const code = sqliteCode(error);
  const name = code === undefined ? undefined : unavailable.get(code & 0xff);
  return name === undefined ? error : new StoreUnavailable(name, error);
}
