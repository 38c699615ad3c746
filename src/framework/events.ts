import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { number, text, textOrNull, word } from './columns.ts';
import type { RequestState, TaskEvent } from './types.ts';
import { terminalRequestStates } from './types.ts';

const states = new Set<RequestState>(['queued', 'launched', 'starting', 'running', ...terminalRequestStates]);

/** What Airflow is told, in order. Sequence numbers are never used again, also after pruning. */
export class EventTable {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #after: StatementSync;
  readonly #last: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(
      'INSERT INTO events (deployment, id, state, info, mesos_task_id, agent, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#last = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
    this.#after = db.prepare('SELECT * FROM events WHERE deployment = ? AND seq > ? ORDER BY seq LIMIT ?');
  }

  add(deployment: string, event: TaskEvent): void {
    this.#insert.run(
      deployment,
      event.id,
      event.state,
      event.info,
      event.mesos_task_id,
      event.agent,
      event.at,
    );
  }

  /** Oldest first. */
  after(deployment: string, seq: number, limit: number): { seq: number; event: TaskEvent }[] {
    return this.#after.all(deployment, seq, limit).map((row) => ({
      seq: number(row, 'seq'),
      event: {
        id: text(row, 'id'),
        state: word(row, 'state', states),
        info: text(row, 'info'),
        mesos_task_id: textOrNull(row, 'mesos_task_id'),
        agent: textOrNull(row, 'agent'),
        at: number(row, 'at'),
      },
    }));
  }

  /** The last sequence number given, of any deployment; 0 before the first. */
  last(): number {
    const row = this.#last.get();
    return row ? number(row, 'seq') : 0;
  }

  /** Up to which sequence number a deployment's events were pruned. */
  pruned(deployment: string): number {
    const row = this.#db.prepare('SELECT seq FROM pruned_events WHERE deployment = ?').get(deployment);
    return row ? number(row, 'seq') : 0;
  }

  /** Leaves each deployment its newest `keep` events. */
  prune(keep: number): number {
    let pruned = 0;
    for (const row of this.#db.prepare('SELECT DISTINCT deployment FROM events').all()) {
      const deployment = text(row, 'deployment');
      const newest = this.#db
        .prepare('SELECT seq FROM events WHERE deployment = ? ORDER BY seq DESC LIMIT 1 OFFSET ?')
        .get(deployment, keep);
      if (!newest) continue;
      const upTo = number(newest, 'seq');
      this.#db
        .prepare(
          'INSERT INTO pruned_events VALUES (?, ?) ON CONFLICT (deployment) DO UPDATE SET seq = excluded.seq',
        )
        .run(deployment, upTo);
      const { changes } = this.#db
        .prepare('DELETE FROM events WHERE deployment = ? AND seq <= ?')
        .run(deployment, upTo);
      pruned += Number(changes);
    }
    return pruned;
  }
}
