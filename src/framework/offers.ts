import { quantitiesOf } from '../mesos/resources.ts';
import type { Offer } from '../mesos/types.ts';
import { agentNameOf } from './matching.ts';
import type { OfferRecord } from './types.ts';

const kept = 200;

/** The offers that are out, and what became of the last 200. In memory: offers do not outlive a subscription. */
export class OfferBook {
  readonly #outstanding = new Map<string, { offer: Offer; record: OfferRecord }>();
  /** Oldest first. */
  #past: OfferRecord[] = [];

  add(offers: readonly Offer[], now: number): void {
    for (const offer of offers) {
      this.#outstanding.set(offer.id.value, {
        offer,
        record: {
          id: offer.id.value,
          agent_id: offer.agent_id.value,
          agent: agentNameOf(offer),
          resources: quantitiesOf(offer.resources),
          at: now,
          fate: 'outstanding',
          tasks: [],
          why: '',
        },
      });
    }
  }

  outstanding(): Offer[] {
    return [...this.#outstanding.values()].map(({ offer }) => offer);
  }

  /** Takes an offer off the outstanding ones; one that is not out (any more) is left as it is. */
  settle(
    id: string,
    fate: Exclude<OfferRecord['fate'], 'outstanding'>,
    why: string,
    tasks: string[] = [],
  ): void {
    const entry = this.#outstanding.get(id);
    if (!entry) return;
    this.#outstanding.delete(id);
    this.#past.push({ ...entry.record, fate, why, tasks });
    if (this.#past.length > 2 * kept) this.#past = this.#past.slice(-kept);
  }

  settleAll(fate: 'declined' | 'lost', why: string): void {
    for (const id of [...this.#outstanding.keys()]) this.settle(id, fate, why);
  }

  /** The outstanding ones, then the last 200 with their fate, newest first. */
  list(): OfferRecord[] {
    const outstanding = [...this.#outstanding.values()].map(({ record }) => record).reverse();
    return [...outstanding, ...this.#past.slice(-kept).reverse()];
  }
}
