import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { number, text, word } from './columns.ts';
import type { StoredRequest } from './records.ts';
import {
  insertedValues,
  insertRequest,
  requestColumns,
  requestOf,
  requestStates,
  updatedValues,
  updateRequest,
} from './requestColumns.ts';
import type { RequestState, TaskFilter, TaskKey } from './types.ts';
import { debugDeployment, terminalRequestStates } from './types.ts';

const over = [...terminalRequestStates].map((state) => `'${state}'`).join(', ');

export class RequestTable {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #get: StatementSync;
  readonly #keep: StatementSync;
  readonly #workload: StatementSync;
  readonly #sameTask: StatementSync;
  readonly #waitingFor: StatementSync;
  readonly #forget: StatementSync;
  readonly #forgetGivenOut: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(insertRequest);
    this.#update = db.prepare(updateRequest);
    this.#get = db.prepare(`SELECT ${requestColumns} FROM requests WHERE id = ?`);
    this.#keep = db.prepare('INSERT INTO workloads VALUES (?, ?)');
    this.#workload = db.prepare(
      'SELECT workload FROM workloads WHERE seq = (SELECT seq FROM requests WHERE id = ?)',
    );
    this.#waitingFor = db.prepare(`SELECT ${requestColumns} FROM requests WHERE after = ?`);
    this.#forget = db.prepare('DELETE FROM workloads WHERE seq = (SELECT seq FROM requests WHERE id = ?)');
    this.#forgetGivenOut = db.prepare(`
      DELETE FROM workloads WHERE seq IN (
        SELECT workloads.seq FROM workloads
        JOIN requests ON requests.seq = workloads.seq
        JOIN attempts ON attempts.mesos_task_id = requests.mesos_task_id
        WHERE attempts.redeemed < ?)`);
    this.#sameTask = db.prepare(`
      SELECT ${requestColumns} FROM requests
      WHERE dag_id = ? AND run_id = ? AND task_id = ? AND map_index = ? AND try_number = ?
        AND deployment = ? AND state NOT IN (${over}) ORDER BY seq`);
  }

  /** @returns the record with its place in the queue */
  insert(request: Omit<StoredRequest, 'seq'>, workload: string): StoredRequest {
    const { lastInsertRowid } = this.#insert.run(...insertedValues(request));
    this.#keep.run(lastInsertRowid, workload);
    return { ...request, seq: Number(lastInsertRowid) };
  }

  update(request: StoredRequest): void {
    this.#update.run(...updatedValues(request));
  }

  get(id: string): StoredRequest | null {
    const row = this.#get.get(id);
    return row ? requestOf(row) : null;
  }

  /** JSON text; null once it was forgotten. */
  workload(id: string): string | null {
    const row = this.#workload.get(id);
    return row ? text(row, 'workload') : null;
  }

  forgetWorkload(id: string): void {
    this.#forget.run(id);
  }

  /** Forgets the workloads of tickets that were redeemed before then: whoever got one has it by now. */
  forgetGivenOut(before: number): void {
    this.#forgetGivenOut.run(before);
  }

  /** The requests for one try of a task instance that are not over, oldest first. */
  living(deployment: string, key: TaskKey): StoredRequest[] {
    return this.#sameTask
      .all(key.dag_id, key.run_id, key.task_id, key.map_index, key.try_number, deployment)
      .map(requestOf);
  }

  queued(): StoredRequest[] {
    return this.#db
      .prepare(`SELECT ${requestColumns} FROM requests WHERE state = 'queued' ORDER BY seq`)
      .all()
      .map(requestOf);
  }

  /** Those that wait for the end of a request. */
  waitingFor(id: string): StoredRequest[] {
    return this.#waitingFor.all(id).map(requestOf);
  }

  /** Newest first, those that came before the request `before` if it is given and known. */
  list(filter: TaskFilter, limit: number, before?: string): StoredRequest[] {
    const where: string[] = [];
    const values: SQLInputValue[] = [];
    for (const column of ['deployment', 'dag_id', 'run_id', 'task_id', 'map_index', 'try_number'] as const) {
      const value = filter[column];
      if (value === undefined) continue;
      where.push(`${column} = ?`);
      values.push(value);
    }
    if (filter.deployment === undefined) {
      where.push('deployment <> ?');
      values.push(debugDeployment);
    }
    if (filter.states) {
      where.push(`state IN (${filter.states.map(() => '?').join(', ')})`);
      values.push(...filter.states);
    }
    if (before !== undefined) {
      where.push('seq < (SELECT seq FROM requests WHERE id = ?)');
      values.push(before);
    }
    const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
    return this.#db
      .prepare(`SELECT ${requestColumns} FROM requests ${condition} ORDER BY seq DESC LIMIT ?`)
      .all(...values, limit)
      .map(requestOf);
  }

  startingWith(prefix: string, limit: number): StoredRequest[] {
    return this.#db
      .prepare(`SELECT ${requestColumns} FROM requests WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`)
      .all(prefix, `${prefix}\u{10ffff}`, limit)
      .map(requestOf);
  }

  counts(): Record<RequestState, number> {
    const counts: Record<RequestState, number> = {
      queued: 0,
      launched: 0,
      starting: 0,
      running: 0,
      finished: 0,
      failed: 0,
      killed: 0,
      lost: 0,
      superseded: 0,
    };
    const rows = this.#db
      .prepare(
        `SELECT state, COUNT(*) AS n FROM requests
         WHERE deployment <> ? OR state NOT IN (${over}) GROUP BY state`,
      )
      .all(debugDeployment);
    for (const row of rows) counts[word(row, 'state', requestStates)] = number(row, 'n');
    return counts;
  }

  /** Deletes the oldest requests that are over, down to `keep` of them, with their attempts. Those with a living attempt stay. */
  prune(keep: number): number {
    const deleted = this.#db
      .prepare(
        `DELETE FROM requests WHERE seq IN (
           SELECT seq FROM requests WHERE state IN (${over}) ORDER BY seq DESC LIMIT -1 OFFSET ?)
         AND NOT EXISTS (SELECT 1 FROM attempts WHERE request_id = requests.id AND ended IS NULL)
         RETURNING id`,
      )
      .all(keep);
    // Each by its index: a look through all attempts would hold everything up where there are very many.
    const attempts = this.#db.prepare('DELETE FROM attempts WHERE request_id = ?');
    for (const row of deleted) attempts.run(text(row, 'id'));
    return deleted.length;
  }
}
