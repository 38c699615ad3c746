import type { DatabaseSync } from 'node:sqlite';
import { StoreUnusable } from './errors.ts';

/**
 * What turns a store of version i into one of version i + 1. Only ever append: a step that was released is history.
 * `PRAGMA user_version` holds the number of steps done.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    deployment TEXT NOT NULL,
    dag_id TEXT NOT NULL, run_id TEXT NOT NULL, task_id TEXT NOT NULL,
    map_index INTEGER NOT NULL, try_number INTEGER NOT NULL,
    cpus REAL NOT NULL, mem REAL NOT NULL, disk REAL NOT NULL, gpus REAL NOT NULL,
    constraints TEXT NOT NULL, priority INTEGER NOT NULL, queue TEXT,
    state TEXT NOT NULL, info TEXT NOT NULL,
    attempt INTEGER NOT NULL, mesos_task_id TEXT, agent_id TEXT, agent TEXT,
    relaunches INTEGER NOT NULL, not_before INTEGER, avoid TEXT, after TEXT,
    end_as TEXT, end_reason TEXT NOT NULL,
    queued INTEGER NOT NULL, launched INTEGER, started INTEGER, ended INTEGER, changed INTEGER NOT NULL
  ) STRICT;
  -- Apart from the requests: it is large, read once, and goes before them.
  CREATE TABLE workloads (seq INTEGER PRIMARY KEY, workload TEXT NOT NULL) STRICT;
  CREATE INDEX requests_state ON requests (state);
  CREATE INDEX requests_after ON requests (after) WHERE after IS NOT NULL;
  CREATE INDEX requests_key ON requests (dag_id, run_id, task_id, map_index, try_number);

  CREATE TABLE attempts (
    mesos_task_id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    agent_id TEXT NOT NULL, agent TEXT NOT NULL, agent_address TEXT,
    framework_id TEXT NOT NULL, executor_id TEXT NOT NULL, container_id TEXT,
    state TEXT NOT NULL, reason TEXT, source TEXT, message TEXT,
    launched INTEGER NOT NULL, running INTEGER, redeemed INTEGER, ended INTEGER,
    ticket_hash TEXT NOT NULL UNIQUE, ticket_expires INTEGER NOT NULL, receipt_hash TEXT UNIQUE,
    superseded INTEGER NOT NULL, "kill" INTEGER
  ) STRICT;
  CREATE INDEX attempts_request ON attempts (request_id, attempt);
  CREATE INDEX attempts_living ON attempts (mesos_task_id) WHERE ended IS NULL;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    deployment TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, info TEXT NOT NULL,
    mesos_task_id TEXT, agent TEXT, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX events_deployment ON events (deployment, seq);
  CREATE TABLE pruned_events (deployment TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

  CREATE TABLE tombstones (
    deployment TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (deployment, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tombstones_at ON tombstones (at);
  `,
];

export const schemaVersion = migrations.length;

/** @throws StoreUnusable if a newer version wrote the file */
export function migrate(db: DatabaseSync, file: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > schemaVersion) {
    throw new StoreUnusable(
      file,
      `it has schema version ${version} and this program knows up to ${schemaVersion}; a newer version wrote it.`,
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
