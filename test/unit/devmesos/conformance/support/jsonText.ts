import type { Json } from '../../../../../src/devmesos/json.ts';
import type { Difference } from './correspondence.ts';

/**
 * What a text says, or the text where it is no JSON. A double is written with a fraction even where it is zero (15.0): clients with types tell it from an integer by that.
 */
export function asJson(text: string): Json {
  const marked = (_key: string, value: Json, context?: { source?: string }): Json =>
    typeof value === 'number' && /[.e]/.test(context?.source ?? '') ? { double: value } : value;
  try {
    return JSON.parse(text, marked) as Json;
  } catch {
    return text;
  }
}

/** Of texts that were cut when they were recorded: each key of the recorded one should be in ours. */
export function missingKeys(recorded: string, ours: string): Difference[] {
  const keysIn = (json: string): string[] => [
    ...new Set([...json.matchAll(/"([^"]+)":/g)].map((match) => match[1] ?? '')),
  ];
  const own = new Set(keysIn(ours));
  return keysIn(recorded)
    .filter((key) => !own.has(key))
    .map((key) => ({ at: `body: ${key}`, recorded: 'is there', ours: 'is not' }));
}
