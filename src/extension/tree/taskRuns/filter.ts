import * as l10n from '@vscode/l10n';
import type { StateKind } from '../../../words/states.ts';
import type { Filter } from './options.ts';

/** What a filter looks at. */
export interface Filtered {
  /** `summarise[2]`. */
  readonly name: string;
  readonly dag_id: string;
  readonly kind: StateKind;
}

export type Matches = (one: Filtered) => boolean;

export function isFiltering({ name, states }: Filter): boolean {
  return name.trim() !== '' || states.length > 0;
}

/** A name matches by itself or by its DAG's. */
export function matcher({ name, states }: Filter): Matches {
  const matchesName = nameMatcher(name);
  const kinds = new Set<StateKind>(states);
  return (one) =>
    (kinds.size === 0 || kinds.has(one.kind)) && (matchesName(one.name) || matchesName(one.dag_id));
}

/** Case does not count. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const wanted = pattern.trim().toLowerCase();
  if (!wanted.includes('*')) return (name) => name.toLowerCase().includes(wanted);
  const parts = wanted.split('*');
  return (name) => matchesParts(name.toLowerCase(), parts);
}

/** Whether the parts stand in the text one after the other, from its beginning to its end: what `*` between them means. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** `sum* · failed, lost`: the filter in words; empty where there is none. */
export function filterWords({ name, states }: Filter): string {
  const parts = [name.trim() === '' ? '' : l10n.t('“{0}”', name.trim()), states.join(', ')];
  return parts.filter((part) => part !== '').join(' · ');
}
