/** `14:02:11`, the local time of day. */
export function timeOfDay(instant: number): string {
  const at = new Date(instant);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** The instant of a time of day that a person typed, within a recording that may go over midnight; undefined where it is none. */
export function instantOf(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^\s*(\d{1,2}):(\d\d)(?::(\d\d))?\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59)
    return undefined;
  const on = new Date(from);
  for (;;) {
    const instant = on.setHours(Number(hours), Number(minutes), Number(seconds), 0);
    // Whole seconds are typed: the second in which it begins is its own.
    if (instant > to) return undefined;
    if (instant + 999 >= from) return Math.max(from, instant);
    on.setDate(on.getDate() + 1);
  }
}
