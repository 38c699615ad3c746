import * as l10n from '@vscode/l10n';
import type { OlderTasks } from '../../cluster/state.ts';
import { loadingRow, moreRow, type Branch } from '../rows.ts';
import { viewId, type Shown } from './shown.ts';

/** How many rows are shown at first, and more each time: of a whole view, and below one of its rows. */
const steps: Readonly<Record<string, number>> = { [viewId]: 300 };
const usualStep = 100;
/** Begins the id of a row that asks the service for older task runs. */
const older = 'older:';

export function stepOf(parent: string): number {
  return steps[parent] ?? usualStep;
}

/** The first of some things, as many as are asked for, and a row that brings more. */
export function firstOf<T>(
  all: readonly T[],
  parent: string,
  { limits }: Pick<Shown, 'limits'>,
): { readonly shown: readonly T[]; readonly more: readonly Branch[] } {
  const limit = limits.get(parent) ?? stepOf(parent);
  const left = all.length - limit;
  return {
    shown: all.slice(0, limit),
    more: left > 0 ? [moreRow(viewId, parent, l10n.t('{0} more', left))] : [],
  };
}

/** Stands last where all that is known is shown and the service has older task runs. */
export function olderRows(parent: string, state: OlderTasks, description: string): Branch[] {
  if (state === 'loading') return [loadingRow(parent)];
  return state === 'more' ? [moreRow(viewId, `${older}${parent}`, description)] : [];
}

/** Below which row more is asked for, and whether that means older task runs of the service. */
export function askedFor(id: string): { readonly parent: string; readonly isOlder: boolean } {
  const isOlder = id.startsWith(older);
  return { parent: isOlder ? id.slice(older.length) : id, isOlder };
}
