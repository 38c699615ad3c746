import type { PageOffer } from '../protocol.ts';
import type { TimeScale } from './timeScale.ts';

/** The rows of offers above the lanes, top down. */
export const offerRows = ['out', 'accepted', 'declined', 'rescinded'] as const;
export type OfferRow = (typeof offerRows)[number];

const rowOf: Readonly<Record<PageOffer['fate'], OfferRow>> = {
  outstanding: 'out',
  accepted: 'accepted',
  declined: 'declined',
  rescinded: 'rescinded',
  lost: 'rescinded',
};

/** Offers of one fate that came so close to each other that they share a tick. */
export interface OfferTick {
  readonly row: OfferRow;
  readonly x: number;
  readonly offers: readonly PageOffer[];
}

/** Ticks at least `apart` pixels from each other, from left to right. */
export function offerTicks(offers: Iterable<PageOffer>, scale: TimeScale, apart: number): OfferTick[] {
  const ticks = new Map<string, { row: OfferRow; x: number; offers: PageOffer[] }>();
  for (const offer of offers) {
    if (offer.at < scale.from || offer.at > scale.to) continue;
    const row = rowOf[offer.fate];
    // Places fixed in time, so that ticks don't regroup while they move.
    const msApart = (apart / scale.width) * (scale.to - scale.from);
    const place = Math.round(offer.at / msApart);
    const key = `${row} ${place}`;
    const tick = ticks.get(key);
    if (tick) tick.offers.push(offer);
    else ticks.set(key, { row, x: scale.x(place * msApart), offers: [offer] });
  }
  return [...ticks.values()].sort((a, b) => a.x - b.x);
}

/** The tick of a row that is nearest to a place, within some pixels. */
export function tickAt(
  ticks: readonly OfferTick[],
  row: OfferRow,
  x: number,
  within: number,
): OfferTick | undefined {
  let best: OfferTick | undefined;
  for (const tick of ticks) {
    if (tick.row !== row || Math.abs(tick.x - x) > within) continue;
    if (!best || Math.abs(tick.x - x) < Math.abs(best.x - x)) best = tick;
  }
  return best;
}
