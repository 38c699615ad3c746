import type { JsonObject } from '../../../../../src/devmesos/json.ts';
import type { FrameworkInfo, Offer } from '../../../../../src/mesos/types.ts';
import { RawScheduler, type RawAnswer } from '../../../../support/rawScheduler.ts';
import { until } from '../../../../support/until.ts';
import { taskOf } from './events.ts';

/** How the recorder noted the end of a stream. */
const closed: JsonObject = { type: '__CLOSED__' };

/** A scheduler of a sequence: its events as they come, each taken once, updates acknowledged when they are taken. */
export class SchedulerSide {
  readonly raw: RawScheduler;
  /** Whether updates are acknowledged, as they are in the recordings but where they say so. */
  acknowledges = true;
  /** Tasks that the test asked for on its own account. */
  readonly hides = new Set<string>();
  #taken = 0;
  #endTaken = false;
  readonly #acknowledged = new Set<string>();

  private constructor(raw: RawScheduler) {
    this.raw = raw;
  }

  static async subscribe(
    url: string,
    info: FrameworkInfo,
    suppressed?: string[],
  ): Promise<{ scheduler: SchedulerSide; first: JsonObject }> {
    const raw = await RawScheduler.subscribe(url, info, suppressed);
    const scheduler = new SchedulerSide(raw);
    const first = await until(() => raw.events[0], { what: 'the first event' });
    scheduler.#taken = 1;
    return { scheduler, first: first as unknown as JsonObject };
  }

  call(call: { type: string } & Record<string, unknown>): Promise<RawAnswer> {
    return this.raw.call(call);
  }

  /** Offers that nobody took back or used, as far as this scheduler knows. */
  openOffers(used: ReadonlySet<string>): Offer[] {
    const rescinded = this.raw.events.flatMap((event) =>
      event.type === 'RESCIND' ? [event.rescind.offer_id.value] : [],
    );
    return this.raw.offers.filter(({ id }) => !used.has(id.value) && !rescinded.includes(id.value));
  }

  /** Waits until so many offers are open. */
  offersAgain(used: ReadonlySet<string>, count: number): Promise<Offer[]> {
    const enough = (): Offer[] | false => {
      const open = this.openOffers(used);
      return open.length >= count && open;
    };
    return until(enough, { what: `${count} offers` });
  }

  /** Events that came since the last time, but offers and heartbeats, which the recordings abridge. */
  take(): JsonObject[] {
    const news = this.raw.events.slice(this.#taken) as unknown as JsonObject[];
    this.#taken = this.raw.events.length;
    const events = news.filter(
      (event) =>
        event.type !== 'OFFERS' && event.type !== 'HEARTBEAT' && !this.hides.has(taskOf(event) ?? ''),
    );
    if (this.raw.closed && !this.#endTaken && this.#taken === this.raw.events.length) {
      this.#endTaken = true;
      events.push(closed);
    }
    return events;
  }

  /** Acknowledges all updates that came and weren't, if it does that. */
  async acknowledgeAll(): Promise<void> {
    if (!this.acknowledges || this.raw.closed) return;
    for (const status of this.raw.updates()) {
      if (status.uuid === undefined || this.#acknowledged.has(status.uuid)) continue;
      this.#acknowledged.add(status.uuid);
      await this.raw.acknowledge(status);
    }
  }
}
