/** What part of time is drawn, and how wide: `now` stands at the right edge. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** The place of an instant in pixels; beyond the edges it is outside 0 … width. */
  x(instant: number): number;
  instant(x: number): number;
}

export function timeScale(now: number, spanMs: number, width: number): TimeScale {
  const from = now - spanMs;
  return {
    from,
    to: now,
    width,
    x: (instant) => ((instant - from) / spanMs) * width,
    instant: (x) => from + (x / width) * spanMs,
  };
}

const minute = 60_000;
/** How much time can be seen (milliseconds). */
export const zooms: readonly number[] = [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * minute);
export const usualZoom = 5 * minute;

/** The next zoom that shows less (1) or more (-1); the same one at the end. */
export function zoomed(spanMs: number, direction: 1 | -1): number {
  const index = zooms.findIndex((zoom) => zoom >= spanMs);
  const at = index < 0 ? zooms.length - 1 : index;
  return zooms[Math.min(zooms.length - 1, Math.max(0, at - direction))] ?? usualZoom;
}

/** One that there is: what was kept may be of another version. */
export function knownZoom(spanMs: unknown): number {
  return zooms.find((zoom) => zoom === spanMs) ?? usualZoom;
}

const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900].map((seconds) => seconds * 1000);

/** Whole instants to write below the lanes, so far apart that their words fit; by the wall clock `offset` minutes ahead. */
export function timeTicks(scale: TimeScale, wordWidth: number, offset: number): number[] {
  const span = scale.to - scale.from;
  const most = Math.max(1, Math.floor(scale.width / wordWidth));
  const step = steps.find((one) => span / one <= most) ?? 3_600_000;
  const shift = offset * minute;
  const ticks: number[] = [];
  for (let at = Math.ceil((scale.from + shift) / step) * step - shift; at <= scale.to; at += step) {
    ticks.push(at);
  }
  return ticks;
}
