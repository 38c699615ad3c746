import type { StateKind } from '../../../words/states.ts';
import { filterStates, type Sort } from './options.ts';

/** What rows are put in order by. */
export interface Sortable {
  readonly name: string;
  readonly kind: StateKind;
  /** When it came; null: it is still to come. */
  readonly at: number | null;
  /** How long it has taken (milliseconds); null where it has not begun. */
  readonly took: number | null;
}

const rank = new Map<StateKind, number>(filterStates.map((kind, index) => [kind, index]));

/** What a person wants to know first comes first. */
export function byUrgency(a: StateKind, b: StateKind): number {
  return (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
}

/** Made once: a thousand rows are put in order ten times a second, and localeCompare costs several times as much. */
const names = new Intl.Collator(undefined, { numeric: true });

export function byName(a: string, b: string): number {
  return names.compare(a, b);
}

/** The newest first wherever a sort leaves it open. */
export function comparator(sort: Sort): (a: Sortable, b: Sortable) => number {
  const newest = (a: Sortable, b: Sortable): number =>
    descending(a.at ?? Infinity, b.at ?? Infinity) || byName(a.name, b.name);
  switch (sort) {
    case 'newest':
      return newest;
    case 'longest':
      return (a, b) => descending(a.took ?? -1, b.took ?? -1) || newest(a, b);
    case 'name':
      return (a, b) => byName(a.name, b.name) || newest(a, b);
    case 'failed':
      return (a, b) => byUrgency(a.kind, b.kind) || newest(a, b);
  }
}

/** In the order of a sort, by what `of` says of each. */
export function sorted<T>(values: readonly T[], sort: Sort, of: (value: T) => Sortable): T[] {
  const compare = comparator(sort);
  return values
    .map((value) => ({ value, key: of(value) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ value }) => value);
}

function descending(a: number, b: number): number {
  return a === b ? 0 : b > a ? 1 : -1;
}
