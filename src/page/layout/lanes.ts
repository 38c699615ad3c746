/** Something that stands in a lane for a while. */
export interface Stay {
  readonly id: string;
  /** The agent. */
  readonly lane: string;
  readonly from: number;
  /** Null: it is there still. */
  readonly to: number | null;
}

/** Rows of a lane beyond this are drawn over each other in the last one. */
export const mostRows = 8;

/**
 * Which row of its lane each stay has: the first that was free when it began. It keeps it, so that nothing moves up or
 * down while time passes.
 */
export class LaneBook {
  readonly #rows = new Map<string, { lane: string; row: number }>();
  /** Until when each row of a lane is taken. */
  readonly #takenUntil = new Map<string, { until: number; by: string }[]>();

  /** Gives rows to those that have none, and forgets those that are not there any more. */
  place(stays: readonly Stay[]): void {
    const present = new Set(stays.map(({ id }) => id));
    for (const id of this.#rows.keys()) if (!present.has(id)) this.#forget(id);
    for (const stay of [...stays].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))) {
      this.#place(stay);
    }
  }

  rowOf(id: string): number {
    return this.#rows.get(id)?.row ?? 0;
  }

  #forget(id: string): void {
    const place = this.#rows.get(id);
    this.#rows.delete(id);
    const taken = place && this.#takenUntil.get(place.lane)?.[place.row];
    if (taken?.by === id) taken.until = -Infinity;
  }

  #place({ id, lane, from, to }: Stay): void {
    const until = to ?? Infinity;
    const rows = this.#takenUntil.get(lane) ?? [];
    this.#takenUntil.set(lane, rows);
    const known = this.#rows.get(id);
    if (known?.lane === lane) {
      const taken = rows[known.row];
      if (taken?.by === id) taken.until = until;
      return;
    }
    const free = rows.findIndex((taken) => taken.until <= from);
    const row = free >= 0 ? free : Math.min(rows.length, mostRows - 1);
    rows[row] = { until: Math.max(until, rows[row]?.until ?? 0), by: id };
    this.#rows.set(id, { lane, row });
  }
}

/** The place of a lane among the others, top down. */
export interface LanePlace {
  readonly id: string;
  readonly top: number;
  readonly height: number;
  readonly rows: number;
}

/** Lanes one below the other, each as high as the rows that are seen in it ask for. */
export function stacked(
  lanes: readonly { readonly id: string; readonly rows: number }[],
  rowHeight: number,
  gap: number,
): { readonly places: readonly LanePlace[]; readonly height: number } {
  let top = 0;
  const places = lanes.map(({ id, rows }) => {
    const height = Math.max(1, rows) * rowHeight + gap;
    const place = { id, top, height, rows };
    top += height;
    return place;
  });
  return { places, height: top };
}

/** Those of them between two heights. */
export function placesBetween(places: readonly LanePlace[], top: number, bottom: number): LanePlace[] {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place && place.top + place.height <= top) low = middle + 1;
    else high = middle;
  }
  const seen: LanePlace[] = [];
  for (let index = low; index < places.length; index += 1) {
    const place = places[index];
    if (!place || place.top >= bottom) break;
    seen.push(place);
  }
  return seen;
}
