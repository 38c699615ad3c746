import { CommandError } from './errors.ts';
import { exitCodes } from './exitCodes.ts';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3600_000,
  d: 86_400_000,
};

/** `90s`, `5m`, `1h`, `2d` in milliseconds; undefined where it is none. */
export function lengthOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)$/.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unitMs[unit] ?? 0);
}

/** The instant of `1h` (so long before now), `14:02` (the last time that it was so late) or `2026-11-23 14:02`. Throws CommandError (2). */
export function sinceInstant(text: string, now: number): number {
  const length = lengthOf(text);
  if (length !== undefined) return Math.round(now - length);
  const clock = clockOn(text, now);
  if (clock !== undefined) return clock <= now ? clock : clock - 86_400_000;
  return dateOf(text) ?? refuse('--since', text, '1h, 30m, 14:02, or 2026-11-23T14:02');
}

/** The instant of `+5m` (behind the beginning), `14:02:11` or `2026-11-23 14:02` in a recording. Throws CommandError (2). */
export function instantIn(text: string, from: number): number {
  const length = text.startsWith('+') ? lengthOf(text.slice(1)) : undefined;
  if (length !== undefined) return Math.round(from + length);
  const clock = clockOn(text, from);
  // A recording may go over midnight.
  if (clock !== undefined) return clock >= from - 1000 ? clock : clock + 86_400_000;
  return dateOf(text) ?? refuse('--at', text, '14:02:11, +5m, or 2026-11-23T14:02:11');
}

/** A time of day on the local day of an instant. */
function clockOn(text: string, day: number): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  return new Date(day).setHours(Number(hours), Number(minutes), Number(seconds), 0);
}

function dateOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

function refuse(option: string, text: string, examples: string): never {
  throw new CommandError(exitCodes.usage, `${option} ${JSON.stringify(text)} is no time`, {
    next: `Give one like ${examples}.`,
  });
}
