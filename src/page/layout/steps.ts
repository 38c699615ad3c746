import { naturally } from './groups.ts';

/** A bar of the timeline that the keyboard can reach. */
export interface Reachable {
  readonly id: string;
  readonly lane: string;
  readonly from: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/**
 * The bar that an arrow key leads to: left and right along its agent's lane in the order of time, up and down to the
 * bar of the next agent that began nearest to it. From none, to the newest.
 */
export function stepFrom(
  current: string | undefined,
  bars: readonly Reachable[],
  lanes: readonly string[],
  direction: Direction,
): string | undefined {
  const ordered = [...bars].sort((a, b) => a.from - b.from || naturally(a.id, b.id));
  const here = ordered.find(({ id }) => id === current);
  if (!here) return ordered.at(-1)?.id;
  const along = ordered.filter(({ lane }) => lane === here.lane);
  const at = along.indexOf(here);
  switch (direction) {
    case 'left':
      return (along[at - 1] ?? here).id;
    case 'right':
      return (along[at + 1] ?? here).id;
    case 'first':
      return (along[0] ?? here).id;
    case 'last':
      return (along.at(-1) ?? here).id;
    case 'up':
    case 'down':
      return (nearestBeyond(here, ordered, lanes, direction === 'up' ? -1 : 1) ?? here).id;
  }
}

function nearestBeyond(
  here: Reachable,
  bars: readonly Reachable[],
  lanes: readonly string[],
  step: 1 | -1,
): Reachable | undefined {
  for (let index = lanes.indexOf(here.lane) + step; lanes[index] !== undefined; index += step) {
    const there = bars.filter(({ lane }) => lane === lanes[index]);
    const near = there.reduce<Reachable | undefined>((best, bar) => {
      if (!best) return bar;
      return Math.abs(bar.from - here.from) < Math.abs(best.from - here.from) ? bar : best;
    }, undefined);
    if (near) return near;
  }
  return undefined;
}
