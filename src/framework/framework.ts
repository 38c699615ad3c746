import { EventEmitter } from 'node:events';
import type { SchedulerDriver } from '../mesos/driver.ts';
import { Engine } from './engine.ts';
import { kill, revoke } from './ending.ts';
import { TicketRefused } from './errors.ts';
import { cursorOf, eventsAfter, waitForEvents } from './feed.ts';
import { findTask } from './find.ts';
import { settingsOf } from './options.ts';
import type { Settings } from './options.ts';
import { publicAttempt, publicTask, type StoredRequest } from './records.ts';
import { redeem, runningCopy, superseded } from './redeem.ts';
import type { Store } from './store.ts';
import { submit } from './submit.ts';
import { hashOf } from './tickets.ts';
import type {
  AttemptRecord,
  Clock,
  EventPage,
  Explanation,
  FrameworkEvents,
  FrameworkOptions,
  FrameworkStatus,
  JudgeCaller,
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
import type { Waits } from './waits.ts';
import type { Work } from './work.ts';

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
  /** Asked before a ticket is redeemed; without it everybody is expected. */
  judgeCaller?: JudgeCaller;
  options?: FrameworkOptions;
  log: Log;
}

/**
 * Runs Airflow's task requests on Mesos: queue, matching, life cycle, reconciliation, over one store.
 * Every change is committed before it is told to anyone, Airflow or Mesos; what cannot be committed rejects with
 * StoreUnavailable and changes nothing. After a restart on the same store it carries on where it was.
 */
export class Framework extends EventEmitter<FrameworkEvents> {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #engine: Engine;
  readonly #judgeCaller: JudgeCaller | undefined;
  #waits: Waits | undefined;

  constructor(parts: FrameworkParts) {
    super();
    // One listener for each waiting long poll.
    this.setMaxListeners(0);
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#settings = settingsOf(parts.options);
    this.#judgeCaller = parts.judgeCaller;
    this.#engine = new Engine({ ...parts, settings: this.#settings, emitter: this });
  }

  /** Connects to the master. Requests are accepted before and without it. */
  start(): void {
    this.#engine.start();
  }

  /** Disconnects; tasks go on, and the framework stays registered for its failover timeout. The store stays open. */
  stop(): Promise<void> {
    return this.#engine.stop();
  }

  /**
   * Queues a batch, in one transaction. Known ids are accepted again unchanged; revoked ones are refused. A newer id for
   * the same task instance and try supersedes the older, and waits until that has ended where it had begun.
   */
  submit(deployment: string, requests: readonly NewRequest[]): Promise<SubmitResult> {
    return this.#commit((work) => submit(work, deployment, requests, this.#settings));
  }

  /** Kills: at once where it waits, else with KILL repeated until Mesos proves the end. `deployment` null: any. */
  kill(deployment: string | null, ids: readonly string[], reason: string): Promise<KillResult> {
    return this.#commit((work) => kill(work, deployment, ids, reason));
  }

  /** Makes certain that the ids never start, also where they arrive later; kills those that have begun. */
  revoke(deployment: string, ids: readonly string[], reason: string): Promise<RevokeResult> {
    return this.#commit((work) => revoke(work, deployment, ids, reason));
  }

  /**
   * Events after a cursor; null: none, and the cursor of now. `limit` default 1 000.
   * @throws CursorTooOld
   */
  events(deployment: string, after: string | null, limit = 1_000): EventPage {
    return eventsAfter(this.#store, deployment, after, limit);
  }

  /**
   * As `events`, but waits up to that many milliseconds for the first; an empty page after that, or on abort.
   * @throws CursorTooOld (rejects)
   */
  waitForEvents(
    deployment: string,
    after: string | null,
    { ms, limit = 1_000, signal }: { ms: number; limit?: number; signal?: AbortSignal | undefined },
  ): Promise<EventPage> {
    return waitForEvents(this.#store, this, this.#clock, deployment, after, { ms, limit, signal });
  }

  /** The present state of each id of this deployment, and the cursor from which events continue it. */
  states(deployment: string, ids: readonly string[]): StatesResult {
    const result: StatesResult = { cursor: cursorOf(this.#store), tasks: [], unknown: [] };
    for (const id of new Set(ids)) {
      const request = this.#store.requests.get(id);
      if (request?.deployment !== deployment) {
        result.unknown.push(id);
        continue;
      }
      const { state, info, mesos_task_id, agent, changed } = request;
      result.tasks.push({ id, state, info, mesos_task_id, agent, at: changed });
    }
    return result;
  }

  /**
   * Exchanges a ticket for the workload, once; this is the proof that the task's process began. `from`: the caller's
   * address, null where it has none. `receipt`: 256 random bits of the caller's, with which it may repeat the exchange
   * for some two minutes; null: one is made for it.
   * @throws TicketRefused (rejects)
   */
  async redeem(
    ticket: string,
    from: string | null,
    receipt: string | null = null,
  ): Promise<{ workload: Record<string, unknown>; receipt: string; task: TaskRecord }> {
    try {
      const stranger = await this.#stranger(ticket, from);
      const given = await this.#commit((work) => redeem(work, ticket, receipt));
      if (stranger && from !== null) this.#engine.redeemedByStranger(stranger, from);
      return {
        workload: given.workload,
        receipt: given.receipt,
        task: publicTask(given.request, null),
      };
    } catch (error) {
      if (error instanceof TicketRefused) this.#engine.ticketRefused(error, from);
      throw error;
    }
  }

  /** The attempt of a ticket, where somebody redeems it who is not on its agent. Rejects where that is certain. */
  async #stranger(ticket: string, from: string | null): Promise<AttemptRecord | null> {
    const attempt = this.#store.attempts.byTicket(hashOf(ticket));
    if (!attempt || from === null || !this.#judgeCaller) return null;
    const caller = await this.#judgeCaller(publicAttempt(attempt), from);
    if (caller === 'foreign') throw new TicketRefused('foreign', attempt.mesos_task_id);
    return caller === 'unexpected' ? publicAttempt(attempt) : null;
  }

  /**
   * The attempt says of itself that Airflow runs the task elsewhere: its end will be `superseded`, however it ends.
   * @throws ReceiptRefused (rejects)
   */
  outcome(receipt: string, outcome: 'superseded'): Promise<void> {
    const outcomes = { superseded };
    return this.#commit((work) => outcomes[outcome](work, receipt));
  }

  /**
   * The debug copy that runs and redeemed its ticket with this receipt.
   * @throws ReceiptRefused
   */
  copyOf(receipt: string): TaskRecord {
    return this.#public(runningCopy(this.#store, receipt));
  }

  /** Newest first. `limit` default 500; `before`: an id, older ones than it. */
  tasks(filter: TaskFilter, limit = 500, before?: string): TaskRecord[] {
    return this.#store.requests.list(filter, limit, before).map((request) => this.#public(request));
  }

  /** By its request id alone, which costs least; null: none. */
  request(id: string): TaskRecord | null {
    const request = this.#store.requests.get(id);
    return request && this.#public(request);
  }

  /**
   * By request id, Mesos task id, or a unique beginning of one; null: none. `attempt`: the one named, else the current.
   * @throws AmbiguousId
   */
  task(id: string): { task: TaskRecord; attempt: AttemptRecord | null } | null {
    const found = findTask(this.#store, id);
    if (!found) return null;
    return {
      task: this.#public(found.request),
      attempt: found.attempt && publicAttempt(found.attempt),
    };
  }

  /** All attempts of a request, oldest first. */
  attempts(requestId: string): AttemptRecord[] {
    return this.#store.attempts.of(requestId).map(publicAttempt);
  }

  /** Why a request waits; null if it doesn't. */
  explain(requestId: string): Explanation | null {
    const request = this.#store.requests.get(requestId);
    return request && this.#engine.waits().explain(request);
  }

  offers(): OffersRecord {
    return this.#engine.offers();
  }

  status(): FrameworkStatus {
    return this.#engine.status();
  }

  #public(request: StoredRequest): TaskRecord {
    if (!this.#waits) {
      // Worked out once for all that is asked in one go; whatever happens next may change it.
      this.#waits = this.#engine.waits();
      queueMicrotask(() => (this.#waits = undefined));
    }
    return publicTask(request, this.#waits.of(request));
  }

  /** Asynchronous so that commits of several callers can be gathered; a throw becomes a rejection. */
  #commit<T>(change: (work: Work) => T): Promise<T> {
    return new Promise((resolve) => resolve(this.#engine.ledger.commit(change)));
  }
}
