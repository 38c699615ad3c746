import type { PageTask } from '../protocol.ts';

/** How many task runs waited at the beginning of each of `columns` equal pieces of time. */
export function waitingOver(
  tasks: Iterable<Pick<PageTask, 'queued' | 'launched' | 'ended'>>,
  from: number,
  to: number,
  columns: number,
): number[] {
  // Differences first: a task run touches two columns, however long it waited.
  const change = new Array<number>(columns + 1).fill(0);
  const width = (to - from) / columns;
  for (const { queued, launched, ended } of tasks) {
    const until = launched ?? ended ?? Infinity;
    if (until <= from || queued >= to) continue;
    const first = Math.max(0, Math.ceil((queued - from) / width));
    const last = Math.min(columns, Math.max(first, Math.ceil((until - from) / width)));
    change[first] = (change[first] ?? 0) + 1;
    change[last] = (change[last] ?? 0) - 1;
  }
  let count = 0;
  return change.slice(0, columns).map((difference) => (count += difference));
}
