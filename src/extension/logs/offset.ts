const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * A place in a file of so many bytes as a person names it: `1200000`, `12 MB`, `50%`, or from the end with a minus
 * (`-64 kB`). Within the file; undefined for what is none of these.
 */
export function offsetOf(words: string, size: number): number | undefined {
  const [, minus, number = '', share, unit = ''] =
    /^\s*([-−]?)\s*(\d+(?:[.,]\d+)?)\s*(?:(%)|([kmg]?)(?:i?b|bytes)?)\s*$/i.exec(words) ?? [];
  if (number === '') return undefined;
  const value = Number(number.replace(',', '.'));
  const bytes = Math.floor(
    share === undefined ? value * (units[unit.toLowerCase()] ?? 1) : (size * value) / 100,
  );
  return Math.max(0, Math.min(size, minus === '' ? bytes : size - bytes));
}
