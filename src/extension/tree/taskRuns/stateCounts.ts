import type { StateKind } from '../../../words/states.ts';
import { filterStates } from './options.ts';

export type StateCounts = ReadonlyMap<StateKind, number>;

export function countStates(kinds: Iterable<StateKind>): StateCounts {
  const counts = new Map<StateKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** `1 failed, 3 running, 2 success`: what a person wants to know first comes first. */
export function countsText(counts: StateCounts): string {
  return present(counts)
    .map((kind) => `${counts.get(kind) ?? 0} ${kind}`)
    .join(', ');
}

/** The state that says most of many; waiting where there is none. */
export function mostTelling(counts: StateCounts): StateKind {
  return present(counts)[0] ?? 'waiting';
}

function present(counts: StateCounts): StateKind[] {
  return filterStates.filter((kind) => counts.has(kind));
}
