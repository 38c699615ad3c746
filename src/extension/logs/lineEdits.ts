import type { ShownRow } from './followed.ts';

/** Lines from `from` up to (not with) `to` make way for others. */
export interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * What turns the lines of a document into others, in order and apart from each other, counted in the lines as they were. A
 * log changes at its two ends: what lies between is known again by the rows that it shows.
 */
export function lineEdits(before: readonly ShownRow[], after: readonly ShownRow[]): LineEdit[] {
  const kept = keptLines(before, after);
  if (!kept) return trimmed(before, after, { from: 0, to: before.length }, { from: 0, to: after.length });
  const { from, to, count } = kept;
  return [
    ...trimmed(before, after, { from: 0, to: from }, { from: 0, to }),
    ...trimmed(
      before,
      after,
      { from: from + count, to: before.length },
      { from: to + count, to: after.length },
    ),
  ];
}

/** Where the first run of lines that are in both stands in each. */
function keptLines(
  before: readonly ShownRow[],
  after: readonly ShownRow[],
): { readonly from: number; readonly to: number; readonly count: number } | undefined {
  const first = before.findIndex(({ row }) => row !== undefined);
  const firstNow = after.findIndex(({ row }) => row !== undefined);
  if (first < 0 || firstNow < 0) return undefined;
  const { row: known } = before[first] ?? {};
  const { row: now } = after[firstNow] ?? {};
  let [from, to] = [first, after.findIndex(({ row }) => row === known)];
  if (to < 0) [from, to] = [before.findIndex(({ row }) => row === now), firstNow];
  if (from < 0) return undefined;
  let count = 0;
  while (from + count < before.length && to + count < after.length) {
    if (before[from + count]?.text !== after[to + count]?.text) break;
    count += 1;
  }
  return count === 0 ? undefined : { from, to, count };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The edit between parts of both, without what is the same at their beginnings and ends; none where all is. */
function trimmed(before: readonly ShownRow[], after: readonly ShownRow[], old: Part, part: Part): LineEdit[] {
  let [from, to, start, end] = [old.from, old.to, part.from, part.to];
  while (from < to && start < end && before[from]?.text === after[start]?.text) {
    from += 1;
    start += 1;
  }
  while (from < to && start < end && before[to - 1]?.text === after[end - 1]?.text) {
    to -= 1;
    end -= 1;
  }
  if (from === to && start === end) return [];
  return [{ from, to, lines: after.slice(start, end).map(({ text }) => text) }];
}
