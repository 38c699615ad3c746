import type { Range } from '../mesos/types.ts';

/** The union, in order, touching ranges joined. */
export function addRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  const sorted = [...a, ...b].filter(({ begin, end }) => begin <= end).sort((x, y) => x.begin - y.begin);
  const result: { begin: number; end: number }[] = [];
  for (const { begin, end } of sorted) {
    const last = result.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else result.push({ begin, end });
  }
  return result;
}

/** What of `a` is not in `b`. */
export function subtractRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  let left = [...a];
  for (const cut of b) {
    left = left.flatMap(({ begin, end }) =>
      [
        { begin, end: Math.min(end, cut.begin - 1) },
        { begin: Math.max(begin, cut.end + 1), end },
      ].filter((part) => part.begin <= part.end),
    );
  }
  return left;
}

export function containsRanges(a: readonly Range[], b: readonly Range[]): boolean {
  return subtractRanges(b, a).length === 0;
}

/** `[1-2, 5-5]`. */
export function rangesText(ranges: readonly Range[]): string {
  return `[${ranges.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
}
