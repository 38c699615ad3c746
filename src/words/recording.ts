import type { RecordingView } from '../api/people.ts';

/** `recording · 14:02:11 · ×4 · paused`. `clock`: the time of day of an instant. */
export function recordingText(
  { at, speed, paused }: RecordingView,
  clock: (instant: number) => string,
): string {
  return ['recording', clock(at), ...(speed === 1 ? [] : [`×${speed}`]), ...(paused ? ['paused'] : [])].join(
    ' · ',
  );
}
