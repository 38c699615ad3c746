import english from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { badRequest } from './problem.ts';

// zod/mini brings no words of its own: they are given to each check, and name the place and the type, never the value.
// From their own file: `z.locales` would bundle every language, 260 kB.
const words = english().localeError;

/** The value as the schema has it. Throws a 400 that names each wrong place. */
export function valid<T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> {
  const result = z.safeParse(schema, value, { error: words });
  if (result.success) return result.data;
  throw badRequest(explain(result.error));
}

/** What a value lacks, in a line; undefined where nothing. */
export function faultOf(schema: z.ZodMiniType, value: unknown): string | undefined {
  const result = z.safeParse(schema, value, { error: words });
  return result.success ? undefined : explain(result.error);
}

function explain(error: z.core.$ZodError): string {
  const shown = error.issues.slice(0, 5).map((issue) => {
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  const more = error.issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** A whole number of the query string, or the default where it is absent. Throws a 400 outside its range. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  range: { least: number; most: number; otherwise: number },
): number {
  const text = query.get(name);
  if (text === null || text === '') return range.otherwise;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < range.least || value > range.most) {
    throw badRequest(`${name} must be a whole number from ${range.least} to ${range.most}`);
  }
  return value;
}
