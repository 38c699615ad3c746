/** `Waits for {0} cpus` with its places filled in. */
export function filled(text: string, ...values: readonly (string | number)[]): string {
  return text.replaceAll(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

/** At most one decimal: `3`, `2.5`. */
export function amount(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Megabytes for a person, and how much of them: `1.2 of 4 GB` has its unit once. */
export function memoryOf(used: number, total: number, of: string): string {
  const large = total >= 1024;
  const unit = large ? 1024 : 1;
  return `${filled(of, amount(used / unit), amount(total / unit))} ${large ? 'GB' : 'MB'}`;
}

/** `15:12:02` at so many minutes ahead of UTC. */
export function wallClock(instant: number, offset: number, seconds = true): string {
  const at = new Date(instant + offset * 60_000);
  const parts = [at.getUTCHours(), at.getUTCMinutes(), ...(seconds ? [at.getUTCSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** `0.8 s`, `14 s`, `2 min 5 s`, `1 h 2 min`; of something that lasts, whole seconds, so that it doesn't flicker. */
export function lasted(milliseconds: number, isOver: boolean): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.5) return `${isOver && seconds < 10 ? amount(seconds) : Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const rest = Math.round(seconds) % 60;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
