/** `812 bytes`, `1.5 MB`: as a person reads it. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? 'TB'}`;
}
