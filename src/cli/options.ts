import { checkRange, type Range } from '../engines/settings.ts';

/** Reads a number of the command line and holds it to its range; the error names both. */
export function numberIn(option: string, range: Range): (text: string) => number {
  return (text) => checkRange(option, text.trim() === '' ? NaN : Number(text), range, text);
}
