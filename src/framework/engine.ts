import type { SchedulerDriver, SchedulerDriverEvents } from '../mesos/driver.ts';
import { FrameworkRemovedError } from '../mesos/errors.ts';
import { DoubtBook } from './doubts.ts';
import { StoreUnavailable } from './errors.ts';
import type { TicketRefused } from './errors.ts';
import { SeenAgents } from './explain.ts';
import { Insistent } from './insist.ts';
import { Ledger } from './ledger.ts';
import { Master } from './master.ts';
import { OfferBook } from './offers.ts';
import type { Settings } from './options.ts';
import { Queue } from './queue.ts';
import { publicTask } from './records.ts';
import { endAttemptsOfOthers } from './removed.ts';
import { Reconciler } from './reconciler.ts';
import { Repeat } from './repeat.ts';
import { Rounds } from './rounds.ts';
import type { Store } from './store.ts';
import { Teller } from './teller.ts';
import type { Emitter } from './teller.ts';
import type {
  AttemptRecord,
  Clock,
  FrameworkStatus,
  Launcher,
  Log,
  Notice,
  OffersRecord,
  TaskRecord,
  Timer,
} from './types.ts';
import { Updates } from './updates.ts';
import { Waits } from './waits.ts';
import type { Work } from './work.ts';

export interface EngineParts {
  connect: (frameworkId: string | null) => SchedulerDriver;
  store: Store;
  clock: Clock;
  launcher: Launcher;
  settings: Settings;
  log: Log;
  emitter: Emitter;
}

type Subscription = SchedulerDriverEvents['subscribed'][0];
type Disconnection = SchedulerDriverEvents['disconnected'][0];

const pruneEveryMs = 60_000;
/** Longer than a task's process tries to redeem its ticket (cluster/airflow/airflow_mesos/task.py). */
const keepGivenOutMs = 120_000;
const securityMatters: ReadonlySet<TicketRefused['why']> = new Set(['used', 'unknown', 'foreign']);
const keepTombstonesMs = 30 * 24 * 3_600_000;
// An older request's process may be about to end by itself: a deferred task is queued again while it does.
const supersededGraceMs = 10_000;

/** What goes on between the store and the master, driven by events and time. */
export class Engine {
  readonly ledger: Ledger;
  readonly #parts: EngineParts;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #queue = new Queue();
  readonly #offers = new OfferBook();
  readonly #seen = new SeenAgents();
  readonly #doubts: DoubtBook;
  readonly #master: Master;
  readonly #updates: Updates;
  readonly #rounds: Rounds;
  readonly #reconciler: Reconciler;
  readonly #kills: Repeat;
  readonly #teller: Teller;
  readonly #settling: Insistent;
  readonly #renewing: Insistent;
  #subscription: Subscription | null = null;
  /** The subscription's framework id, once it is on the disk; null: nothing may be launched. */
  #frameworkId: string | null = null;
  /** Why there is no subscription, where there was one or an attempt at one. */
  #disconnection: { reason: string; fatal: boolean } | null = null;
  #timers: Timer[] = [];

  constructor(parts: EngineParts) {
    const { store, clock, settings, log } = parts;
    this.#parts = parts;
    this.#clock = clock;
    this.#settings = settings;
    this.ledger = new Ledger(store, clock, log, (work) => this.#committed(work));
    this.#doubts = new DoubtBook(clock, settings);
    this.#master = new Master(
      parts.connect,
      {
        subscribed: (subscription) => this.#subscribed(subscription),
        disconnected: (disconnection) => this.#disconnected(disconnection),
        offers: (offers) => {
          this.#offers.add(offers, clock.now());
          this.#rounds.schedule();
        },
        rescinded: (id) => {
          this.#offers.settle(id, 'rescinded', 'The master took it back.');
          this.#teller.offers();
        },
        update: (status) => this.#updates.push(status),
        agentFailed: (id) => this.#seen.forget(id),
      },
      log,
    );
    this.#updates = new Updates(this.ledger, this.#doubts, clock, settings, log, {
      acknowledge: (status) => this.#master.acknowledge(status),
      killStray: (taskId, agentId) => this.#master.kill(taskId, agentId),
      confirmed: (taskId) => this.#reconciler.answered(taskId),
      doubted: (taskId) => this.#reconciler.ask([taskId]),
    });
    this.#rounds = new Rounds({
      ledger: this.ledger,
      queue: this.#queue,
      master: this.#master,
      offers: this.#offers,
      seen: this.#seen,
      launcher: parts.launcher,
      clock,
      settings,
      frameworkId: () => this.#frameworkId,
      accepting: (ids) => this.#doubts.accepting(ids),
      accepted: (ids, taken) => {
        this.#doubts.answered(ids);
        // Refused, or lost with the connection: only the master knows what became of them.
        if (!taken) this.#reconciler.ask(ids);
      },
      done: () => this.#teller.round(),
    });
    this.#reconciler = new Reconciler(store, this.#master, clock, settings.retryMs);
    this.#kills = new Repeat(clock, settings.retryMs, (ids) => {
      for (const id of ids) this.#master.kill(id, store.attempts.get(id)?.agent_id);
    });
    this.#teller = new Teller(parts.emitter, clock, log, {
      offers: () => this.offers(),
      status: () => this.status(),
      waiting: () => this.#waiting(),
    });
    this.#settling = new Insistent(clock, () => this.#settleSubscription());
    this.#renewing = new Insistent(clock, () => this.#renewFramework());
    for (const request of store.requests.queued()) this.#queue.put(request);
  }

  start(): void {
    for (const { mesos_task_id, kill } of this.ledger.store.attempts.living()) {
      if (kill !== null) this.#kills.add([mesos_task_id]);
    }
    this.#every(pruneEveryMs, () => this.#prune());
    this.#every(this.#settings.reconcileEveryMs, () => {
      if (this.#frameworkId !== null) this.#reconciler.all();
    });
    this.#master.start(this.ledger.store.frameworkId);
    this.#teller.status();
  }

  async stop(): Promise<void> {
    this.#frameworkId = null;
    for (const timer of this.#timers) timer.cancel();
    this.#settling.stop();
    this.#renewing.stop();
    this.#updates.stop();
    this.#rounds.stop();
    this.#reconciler.pause();
    this.#kills.pause();
    this.#teller.stop();
    await this.#master.stop();
  }

  waits(): Waits {
    return new Waits(this.#master, this.#seen, this.#clock.now());
  }

  offers(): OffersRecord {
    return { suppressed: this.#rounds.suppressed, offers: this.#offers.list() };
  }

  status(): FrameworkStatus {
    return {
      state: this.#master.state,
      framework_id: this.ledger.store.frameworkId,
      master: this.#master.info,
      suppressed: this.#rounds.suppressed,
      unconfirmed: this.#reconciler.open,
      disconnection: this.#disconnection?.reason ?? null,
      problem: this.ledger.problem ?? (this.#disconnection?.fatal ? this.#disconnection.reason : null),
      counts: { ...this.ledger.counts },
    };
  }

  ticketRefused(refusal: TicketRefused, from: string | null): void {
    const level = securityMatters.has(refusal.why) ? 'security' : 'warning';
    this.#notice(
      level,
      `A ticket was refused${from === null ? '' : ` to ${from}`}. ${refusal.message}`,
      refusal.mesosTaskId,
    );
  }

  redeemedByStranger(attempt: AttemptRecord, from: string): void {
    const { agent, agent_address: address, mesos_task_id: id } = attempt;
    const where = address === null ? agent : `${agent}, which is at ${address}`;
    this.#notice('security', `A ticket for ${where} was redeemed by ${from}.`, id);
  }

  #committed(work: Work): void {
    let arrived = false;
    for (const request of work.requests.values()) {
      if (request.state === 'queued') {
        this.#queue.put(request);
        arrived = true;
      } else {
        this.#queue.delete(request.id);
      }
    }
    for (const { mesos_task_id: id, request_id, ended, kill } of work.attempts.values()) {
      if (ended !== null) {
        this.#kills.delete(id);
        this.#reconciler.answered(id);
        this.#doubts.settled(id);
      } else if (kill !== null) {
        const isSuperseded = work.requests.get(request_id)?.end_as === 'superseded';
        this.#kills.add([id], isSuperseded ? supersededGraceMs : 0);
      }
    }
    if (arrived) this.#rounds.arrived();
    const waits = this.waits();
    for (const request of work.requests.values()) this.#teller.task(publicTask(request, waits.of(request)));
    for (const deployment of work.deployments) this.#teller.event(deployment);
    this.#teller.status();
  }

  #subscribed(subscription: Subscription): void {
    this.#disconnection = null;
    this.#subscription = subscription;
    this.#offers.settleAll('lost', 'The framework subscribed anew.');
    this.#settling.run();
    this.#teller.status();
  }

  /** Nothing is launched before the framework's id is on the disk: after a crash its tasks would be nobody's. */
  #settleSubscription(): void {
    if (!this.#subscription) return;
    const { frameworkId, master } = this.#subscription;
    const { store } = this.ledger;
    const masterId = master?.id ?? null;
    const before = this.ledger.commit((work) => {
      const known = store.masterId;
      if (store.frameworkId !== frameworkId.value) store.setFrameworkId(frameworkId.value);
      if (known !== masterId) store.setMasterId(masterId);
      endAttemptsOfOthers(work, frameworkId.value, this.#settings);
      return known;
    });
    if (before !== null && before !== masterId) this.#doubts.masterChanged();
    this.#frameworkId = frameworkId.value;
    this.#kills.resume();
    this.#reconciler.begin();
    this.#rounds.subscribed();
  }

  #disconnected({ reason, fatal, cause }: Disconnection): void {
    this.#subscription = null;
    this.#frameworkId = null;
    this.#disconnection = { reason, fatal };
    this.#doubts.disconnected();
    this.#reconciler.pause();
    this.#kills.pause();
    this.#seen.clear();
    this.#offers.settleAll('lost', 'The connection to the master was lost.');
    this.#teller.round();
    if (fatal) this.#notice('error', reason, null);
    if (fatal && cause instanceof FrameworkRemovedError) this.#renewing.run();
    this.#teller.status();
  }

  #renewFramework(): void {
    this.ledger.commit((work) => {
      work.store.setFrameworkId(null);
      endAttemptsOfOthers(work, null, this.#settings);
    });
    this.#master.restart(null);
  }

  #waiting(): TaskRecord[] {
    const waits = this.waits();
    return this.#queue
      .all()
      .slice(0, 100)
      .flatMap(({ id }) => this.ledger.store.requests.get(id) ?? [])
      .map((request) => publicTask(request, waits.of(request)));
  }

  #prune(): void {
    try {
      this.ledger.prune(
        this.#settings.keepRequests,
        this.#settings.keepEvents,
        this.#clock.now() - keepTombstonesMs,
        this.#clock.now() - keepGivenOutMs,
      );
    } catch (error) {
      // There is a next time; the ledger has reported it.
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  #every(ms: number, call: () => void): void {
    const index = this.#timers.length;
    const again = () => {
      call();
      this.#timers[index] = this.#clock.after(ms, again);
    };
    this.#timers.push(this.#clock.after(ms, again));
  }

  #notice(level: Notice['level'], message: string, mesosTaskId: string | null): void {
    this.#parts.log(level === 'error' ? 'error' : 'warn', message, { level, task: mesosTaskId });
    this.#teller.notice({ level, message, mesos_task_id: mesosTaskId, at: this.#clock.now() });
  }
}
