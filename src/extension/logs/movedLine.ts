import type { ShownRow } from './followed.ts';

/**
 * Where what stands at a line stands now that the lines are others. Lines are known again by the rows that they show; where
 * none is left of those at the line and behind it, it is the same number.
 */
export function movedLine(before: readonly ShownRow[], after: readonly ShownRow[], line: number): number {
  const [first] = before.slice(line).filter(({ row }) => row !== undefined);
  const at = first === undefined ? -1 : before.indexOf(first, line);
  if (at < 0 || after[at]?.row === before[at]?.row) return line;
  const places = new Map(after.map(({ row }, index) => [row, index]));
  for (let index = at; index < before.length; index += 1) {
    const { row } = before[index] ?? {};
    const to = row && places.get(row);
    if (to !== undefined) return Math.max(0, to - (index - line));
  }
  return line;
}
