import { EventEmitter } from 'node:events';
import type { SchedulerDriver } from '../mesos/driver.ts';
import type { Store } from './store.ts';
import type {
  AttemptRecord,
  Clock,
  EventPage,
  Explanation,
  FrameworkEvents,
  FrameworkOptions,
  FrameworkStatus,
  KillResult,
  Launcher,
  Log,
  NewRequest,
  OffersRecord,
  RevokeResult,
  StatesResult,
  SubmitResult,
  TaskFilter,
  TaskRecord,
} from './types.ts';

export interface FrameworkParts {
  /**
   * Makes the connection to the master, not yet started; null: a new framework. Called once by `start` with the stored
   * id, and again with null where the master says that the framework was removed.
   * FrameworkInfo should have the capabilities PARTITION_AWARE, TASK_KILLING_STATE and a failover_timeout.
   */
  connect: (frameworkId: string | null) => SchedulerDriver;
  store: Store;
  clock: Clock;
  launcher: Launcher;
  options?: FrameworkOptions;
  log: Log;
}

/**
 * Runs Airflow's task requests on Mesos: queue, matching, life cycle, reconciliation, over one store.
 * Every change is committed before it is told to anyone, Airflow or Mesos; what cannot be committed rejects with
 * StoreUnavailable and changes nothing. After a restart on the same store it carries on where it was.
 */
export class Framework extends EventEmitter<FrameworkEvents> {
  constructor(parts: FrameworkParts) {
    super();
    throw new Error(`not built yet: ${Object.keys(parts).join()}`);
  }

  /** Connects to the master. Requests are accepted before and without it. */
  start(): void {
    throw new Error('not built yet');
  }

  /** Disconnects; tasks go on, and the framework stays registered for its failover timeout. The store stays open. */
  stop(): Promise<void> {
    throw new Error('not built yet');
  }

  /**
   * Queues a batch, in one transaction. Known ids are accepted again unchanged; revoked ones are refused. A newer id for
   * the same task instance and try supersedes the older, and waits until that has ended where it had begun.
   */
  submit(deployment: string, requests: readonly NewRequest[]): Promise<SubmitResult> {
    throw new Error(`not built yet ${deployment} ${requests.length}`);
  }

  /** Kills: at once where it waits, else with KILL repeated until Mesos proves the end. `deployment` null: any. */
  kill(deployment: string | null, ids: readonly string[], reason: string): Promise<KillResult> {
    throw new Error(`not built yet ${String(deployment)} ${ids.length} ${reason}`);
  }

  /** Makes certain that the ids never start, also where they arrive later; kills those that have begun. */
  revoke(deployment: string, ids: readonly string[], reason: string): Promise<RevokeResult> {
    throw new Error(`not built yet ${deployment} ${ids.length} ${reason}`);
  }

  /**
   * Events after a cursor; null: none, and the cursor of now. `limit` default 1 000.
   * @throws CursorTooOld
   */
  events(deployment: string, after: string | null, limit?: number): EventPage {
    throw new Error(`not built yet ${deployment} ${String(after)} ${String(limit)}`);
  }

  /**
   * As `events`, but waits up to that many milliseconds for the first; an empty page after that, or on abort.
   * @throws CursorTooOld (rejects)
   */
  waitForEvents(
    deployment: string,
    after: string | null,
    wait: { ms: number; limit?: number; signal?: AbortSignal },
  ): Promise<EventPage> {
    throw new Error(`not built yet ${deployment} ${String(after)} ${wait.ms}`);
  }

  /** The present state of each id of this deployment, and the cursor from which events continue it. */
  states(deployment: string, ids: readonly string[]): StatesResult {
    throw new Error(`not built yet ${deployment} ${ids.length}`);
  }

  /**
   * Exchanges a ticket for the workload, once; this is the proof that the task's process began.
   * `from`: the caller's address, for the notice that a refusal makes.
   * @throws TicketRefused (rejects)
   */
  redeem(
    ticket: string,
    from: string | null,
  ): Promise<{ workload: Record<string, unknown>; receipt: string; task: TaskRecord }> {
    throw new Error(`not built yet ${ticket.length} ${String(from)}`);
  }

  /**
   * The attempt says of itself that Airflow runs the task elsewhere: its end will be `superseded`, however it ends.
   * @throws ReceiptRefused (rejects)
   */
  outcome(receipt: string, outcome: 'superseded'): Promise<void> {
    throw new Error(`not built yet ${receipt.length} ${outcome}`);
  }

  /** Newest first. `limit` default 500; `before`: an id, older ones than it. */
  tasks(filter: TaskFilter, limit?: number, before?: string): TaskRecord[] {
    throw new Error(`not built yet ${JSON.stringify(filter)} ${String(limit)} ${String(before)}`);
  }

  /**
   * By request id, Mesos task id, or a unique beginning of one; null: none. `attempt`: the one named, else the current.
   * @throws AmbiguousId
   */
  task(id: string): { task: TaskRecord; attempt: AttemptRecord | null } | null {
    throw new Error(`not built yet ${id}`);
  }

  /** All attempts of a request, oldest first. */
  attempts(requestId: string): AttemptRecord[] {
    throw new Error(`not built yet ${requestId}`);
  }

  /** Why a request waits; null if it doesn't. */
  explain(requestId: string): Explanation | null {
    throw new Error(`not built yet ${requestId}`);
  }

  offers(): OffersRecord {
    throw new Error('not built yet');
  }

  status(): FrameworkStatus {
    throw new Error('not built yet');
  }
}
