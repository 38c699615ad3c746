import { parseArgs } from 'node:util';
import { ExplainedError, messageOf } from '../host/errors.ts';
import { parseDuration } from './duration.ts';

// Options of a command line, one by one. All throw ExplainedError for what can't be read.

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export function parse(
  argv: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
): Values {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new ExplainedError(messageOf(error), {
      next: `Known options: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(' ')}`,
    });
  }
}

export function text(values: Values, name: string, otherwise?: string): string {
  const value = values[name] ?? otherwise;
  if (typeof value === 'string' && (value !== '' || otherwise === '')) return value;
  throw new ExplainedError(`--${name} is missing`, { next: `Give --${name} VALUE.` });
}

export function wholeNumber(
  values: Values,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const number = Number(values[name] ?? otherwise);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new ExplainedError(`--${name} is ${String(values[name])}`, {
    next: `Give a whole number from ${least} to ${most}.`,
  });
}

export function duration(values: Values, name: string, otherwise: number): number {
  const value = values[name];
  if (value === undefined) return otherwise;
  const milliseconds = parseDuration(String(value));
  if (milliseconds !== undefined) return milliseconds;
  throw new ExplainedError(`--${name} is ${String(value)}`, {
    next: 'Give a time such as 500ms, 10secs or 2mins.',
  });
}

/** Bytes. */
export function size(values: Values, name: string, otherwise: number): number {
  const value = values[name];
  if (value === undefined) return otherwise;
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB)$/.exec(String(value));
  if (match)
    return Math.floor(Number(match[1]) * 1024 ** ['B', 'KB', 'MB', 'GB', 'TB'].indexOf(match[2] ?? 'B'));
  throw new ExplainedError(`--${name} is ${String(value)}`, { next: 'Give a size such as 512MB or 2GB.' });
}

export function optionalText(values: Values, name: string): string | undefined {
  return values[name] === undefined ? undefined : text(values, name);
}

export function yesOrNo(values: Values, name: string, otherwise: boolean): boolean {
  const value = values[name] ?? String(otherwise);
  if (value === 'true' || value === 'false') return value === 'true';
  throw new ExplainedError(`--${name} is ${value}`, { next: `Give --${name} true or --${name} false.` });
}
