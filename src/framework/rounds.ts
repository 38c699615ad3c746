import type { Offer, TaskInfo } from '../mesos/types.ts';
import { StoreUnavailable } from './errors.ts';
import { explain } from './explain.ts';
import type { SeenAgents } from './explain.ts';
import { launch } from './launching.ts';
import type { Ledger } from './ledger.ts';
import type { Master } from './master.ts';
import { amountsOf, match, poolsOf } from './matching.ts';
import type { Pool, Waiting } from './matching.ts';
import type { OfferBook } from './offers.ts';
import type { Settings } from './options.ts';
import type { Queue } from './queue.ts';
import type { Clock, Launcher, Timer } from './types.ts';

export interface RoundParts {
  ledger: Ledger;
  queue: Queue;
  master: Master;
  offers: OfferBook;
  seen: SeenAgents;
  launcher: Launcher;
  clock: Clock;
  settings: Settings;
  /** Null while nothing may be launched. */
  frameworkId: () => string | null;
  accepting: (mesosTaskIds: readonly string[]) => void;
  accepted: (mesosTaskIds: readonly string[], taken: boolean) => void;
  /** A round is over. */
  done: () => void;
}

const reviveEveryMs = 1_000;

/**
 * Matching rounds: all outstanding offers against all that waits. After a round no offer is held: what is not taken is
 * declined, for a short time where something waits, and with nothing waiting offers are suppressed until work arrives.
 */
export class Rounds {
  readonly #parts: RoundParts;
  #scheduled = false;
  #suppressed = false;
  #wantsOffers = false;
  #revived = -Infinity;
  #nextReady: Timer | null = null;
  #nextRevive: Timer | null = null;
  #stopped = false;

  constructor(parts: RoundParts) {
    this.#parts = parts;
  }

  get suppressed(): boolean {
    return this.#suppressed;
  }

  /** Something to launch came, or may be launched from now on. */
  arrived(): void {
    this.#wantsOffers = true;
    this.schedule();
  }

  /** The master suppresses nothing for a framework that has just subscribed. */
  subscribed(): void {
    this.#suppressed = false;
    this.#wantsOffers = false;
    this.schedule();
  }

  /** A round soon: offers and requests that come together are matched together. */
  schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#run();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#nextReady?.cancel();
    this.#nextRevive?.cancel();
  }

  #run(): void {
    const frameworkId = this.#parts.frameworkId();
    if (this.#stopped || frameworkId === null) return;
    const { clock, queue } = this.#parts;
    const ready = queue.ready(clock.now());
    const offers = this.#parts.offers.outstanding();
    const waiting = offers.length > 0 ? this.#match(ready, offers, frameworkId) : ready.map(({ id }) => id);
    this.#askForOffers(waiting.length > 0);
    this.#wakeForNext();
    this.#parts.done();
  }

  /** @returns the ids for which there was no offer */
  #match(ready: readonly Waiting[], offers: readonly Offer[], frameworkId: string): string[] {
    const { ledger, seen, launcher, settings } = this.#parts;
    const pools = poolsOf(offers);
    seen.offered(pools);
    const unplaced = match(ready, pools);
    let launches: Map<Pool, TaskInfo[]>;
    try {
      launches =
        ready.length === unplaced.length
          ? new Map<Pool, TaskInfo[]>()
          : ledger.commit((work) => launch(work, pools, frameworkId, launcher, settings));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      for (const pool of pools)
        this.#decline(pool, 'The store cannot be written, so nothing can be launched.');
      return unplaced;
    }
    seen.matched(pools);
    for (const pool of pools) {
      const tasks = launches.get(pool);
      if (tasks) this.#accept(pool, tasks);
      else this.#decline(pool, this.#whyNot(pool, unplaced[0]));
    }
    return unplaced;
  }

  #accept(pool: Pool, tasks: TaskInfo[]): void {
    const { master, offers, accepting, accepted } = this.#parts;
    const ids = tasks.map(({ task_id }) => task_id.value);
    for (const { id } of pool.offers) offers.settle(id.value, 'accepted', '', ids);
    accepting(ids);
    void master
      .accept(pool.offers, [{ type: 'LAUNCH', launch: { task_infos: tasks } }], this.#filters())
      .then((taken) => accepted(ids, taken));
  }

  #decline(pool: Pool, why: string): void {
    for (const { id } of pool.offers) this.#parts.offers.settle(id.value, 'declined', why);
    this.#parts.master.decline(pool.offers, this.#filters());
  }

  #filters(): { refuse_seconds: number } {
    const { queue, settings } = this.#parts;
    return { refuse_seconds: queue.size > 0 ? settings.waitingRefuseSeconds : settings.idleRefuseSeconds };
  }

  #whyNot(pool: Pool, firstId: string | undefined): string {
    const { queue, ledger } = this.#parts;
    if (queue.size === 0) return 'Nothing waits.';
    const first = firstId === undefined ? undefined : queue.get(firstId);
    const request = firstId === undefined ? null : ledger.store.requests.get(firstId);
    if (!first || !request) return 'What waits may not be launched yet.';
    const [agent] = explain(first, [
      {
        agent: pool.agent,
        attributes: pool.attributes,
        left: amountsOf(pool.left),
        most: amountsOf(pool.left),
      },
    ]).agents;
    const lacks = [
      ...(agent?.lacks ?? []).map(({ resource, needs, has }) => `${needs} ${resource}, this has ${has}`),
      ...(agent?.mismatched ?? []).map(({ attribute, needs }) => `${attribute}=${needs}`),
    ];
    return `${request.key.task_id} needs ${lacks.join('; ')}`;
  }

  #askForOffers(isWaiting: boolean): void {
    const { master, queue, clock } = this.#parts;
    if (queue.size === 0) {
      this.#wantsOffers = false;
      if (this.#suppressed) return;
      this.#suppressed = true;
      void master.suppress().then((taken) => {
        if (!taken) this.#suppressed = false;
      });
      return;
    }
    if (!isWaiting || (!this.#wantsOffers && !this.#suppressed)) return;
    const now = clock.now();
    if (!this.#suppressed && now - this.#revived < reviveEveryMs) {
      this.#nextRevive?.cancel();
      this.#nextRevive = clock.after(this.#revived + reviveEveryMs - now, () => this.schedule());
      return;
    }
    this.#wantsOffers = false;
    this.#revived = now;
    this.#suppressed = false;
    void master.revive().then((taken) => {
      if (!taken) this.#wantsOffers = true;
    });
  }

  /** Requests that may not be launched yet become ready by the passing of time alone. */
  #wakeForNext(): void {
    const now = this.#parts.clock.now();
    const next = this.#parts.queue.nextReady(now);
    this.#nextReady?.cancel();
    this.#nextReady = next === null ? null : this.#parts.clock.after(next - now, () => this.arrived());
  }
}
