const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/** Mesos's way to write a duration in flags (`10secs`, `500ms`, `1.5mins`), in milliseconds; undefined if it isn't one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.trim());
  const unit = units[match?.[2] ?? ''];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

/** The reverse, in the largest unit that needs no fraction: `1mins` for 60 000. */
export function durationText(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  const fitting = Object.entries(units).filter(([, unit]) => nanoseconds % Math.round(unit * 1e6) === 0);
  const [name = 'ns', unit = 1e-6] = (nanoseconds === 0 ? undefined : fitting.at(-1)) ?? [];
  return `${nanoseconds / Math.round(unit * 1e6)}${name}`;
}

/** 365 days, the longest that a filter lasts. */
const longestFilter = 365 * 86_400;

/**
 * How long an offer is refused, in milliseconds: Filters.refuse_seconds, whose default is 5. Negative and not-a-number
 * count as the default, more than 365 days as 365 days.
 */
export function refusalOf(refuseSeconds: number | undefined): number {
  if (refuseSeconds === undefined || Number.isNaN(refuseSeconds) || refuseSeconds < 0) return 5000;
  return Math.min(refuseSeconds, longestFilter) * 1000;
}
