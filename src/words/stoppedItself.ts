import type { StoppedItself } from '../api/cluster.ts';

/** `an hour`, `2 hours`, `45 minutes`, `3 seconds`. */
function span(seconds: number): string {
  const [amount, unit, one] =
    seconds >= 3600 && seconds % 3600 === 0
      ? [seconds / 3600, 'hours', 'an hour']
      : seconds >= 60
        ? [Math.round(seconds / 60), 'minutes', 'a minute']
        : [Math.round(seconds), 'seconds', 'a second'];
  return amount === 1 ? one : `${amount} ${unit}`;
}

/** The time of day, with the date where it is not today's: `14:02`, `2026-11-22 14:02`. */
function time(instant: number, now: number): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (new Date(now).toDateString() === at.toDateString()) return clock;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}

/** `stopped itself at 14:02 after an hour in which nobody looked and nothing ran`. */
export function stoppedItselfText({ at, idle_s: idle }: StoppedItself, now = Date.now()): string {
  return `stopped itself at ${time(at, now)} after ${span(idle)} in which nobody looked and nothing ran`;
}
