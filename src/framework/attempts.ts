import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TaskState } from '../mesos/types.ts';
import { number, numberOrNull, text, textOrNull, word } from './columns.ts';
import type { Row } from './columns.ts';
import type { StoredAttempt } from './records.ts';

const states = new Set<TaskState>([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_UNREACHABLE',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
]);

export class AttemptTable {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #get: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(`
      INSERT INTO attempts (mesos_task_id, request_id, attempt, agent_id, agent, agent_address, framework_id, executor_id,
        container_id, state, reason, source, message, launched, running, redeemed, ended, ticket_hash, ticket_expires,
        receipt_hash, superseded, "kill")
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare(`
      UPDATE attempts SET container_id = ?, state = ?, reason = ?, source = ?, message = ?, running = ?, redeemed = ?,
        ended = ?, receipt_hash = ?, superseded = ?, "kill" = ?
      WHERE mesos_task_id = ?`);
    this.#get = db.prepare('SELECT * FROM attempts WHERE mesos_task_id = ?');
  }

  insert(attempt: StoredAttempt): void {
    this.#insert.run(
      attempt.mesos_task_id,
      attempt.request_id,
      attempt.attempt,
      attempt.agent_id,
      attempt.agent,
      attempt.agent_address,
      attempt.framework_id,
      attempt.executor_id,
      attempt.container_id,
      attempt.state,
      attempt.reason,
      attempt.source,
      attempt.message,
      attempt.launched,
      attempt.running,
      attempt.redeemed,
      attempt.ended,
      attempt.ticket_hash,
      attempt.ticket_expires,
      attempt.receipt_hash,
      attempt.superseded ? 1 : 0,
      attempt.kill,
    );
  }

  update(attempt: StoredAttempt): void {
    this.#update.run(
      attempt.container_id,
      attempt.state,
      attempt.reason,
      attempt.source,
      attempt.message,
      attempt.running,
      attempt.redeemed,
      attempt.ended,
      attempt.receipt_hash,
      attempt.superseded ? 1 : 0,
      attempt.kill,
      attempt.mesos_task_id,
    );
  }

  get(mesosTaskId: string): StoredAttempt | null {
    const row = this.#get.get(mesosTaskId);
    return row ? attemptOf(row) : null;
  }

  byTicket(hash: string): StoredAttempt | null {
    const row = this.#db.prepare('SELECT * FROM attempts WHERE ticket_hash = ?').get(hash);
    return row ? attemptOf(row) : null;
  }

  byReceipt(hash: string): StoredAttempt | null {
    const row = this.#db.prepare('SELECT * FROM attempts WHERE receipt_hash = ?').get(hash);
    return row ? attemptOf(row) : null;
  }

  /** Those that are not over, in the order of their launch. */
  living(): StoredAttempt[] {
    return this.#db
      .prepare('SELECT * FROM attempts WHERE ended IS NULL ORDER BY launched, mesos_task_id')
      .all()
      .map(attemptOf);
  }

  /** Oldest first. */
  of(requestId: string): StoredAttempt[] {
    return this.#db
      .prepare('SELECT * FROM attempts WHERE request_id = ? ORDER BY attempt')
      .all(requestId)
      .map(attemptOf);
  }
}

function attemptOf(row: Row): StoredAttempt {
  return {
    mesos_task_id: text(row, 'mesos_task_id'),
    request_id: text(row, 'request_id'),
    attempt: number(row, 'attempt'),
    agent_id: text(row, 'agent_id'),
    agent: text(row, 'agent'),
    agent_address: textOrNull(row, 'agent_address'),
    framework_id: text(row, 'framework_id'),
    executor_id: text(row, 'executor_id'),
    container_id: textOrNull(row, 'container_id'),
    state: word(row, 'state', states),
    reason: textOrNull(row, 'reason'),
    source: textOrNull(row, 'source'),
    message: textOrNull(row, 'message'),
    launched: number(row, 'launched'),
    running: numberOrNull(row, 'running'),
    redeemed: numberOrNull(row, 'redeemed'),
    ended: numberOrNull(row, 'ended'),
    ticket_hash: text(row, 'ticket_hash'),
    ticket_expires: number(row, 'ticket_expires'),
    receipt_hash: textOrNull(row, 'receipt_hash'),
    superseded: number(row, 'superseded') === 1,
    kill: numberOrNull(row, 'kill'),
  };
}
