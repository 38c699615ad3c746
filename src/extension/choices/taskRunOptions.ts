import * as l10n from '@vscode/l10n';
import { filterStates, groupings, sorts, type Grouping, type Sort } from '../tree/taskRuns/options.ts';
import { choices, type Choice } from './choice.ts';

/** How task runs can be shown, for pickers, with what holds now marked. */
export const taskRunChoices = {
  groupings: (now: Grouping): Choice<Grouping>[] => choices(groupings, groupingNames(), now),
  sorts: (now: Sort): Choice<Sort>[] => choices(sorts, sortNames(), now),
  states: (now: readonly string[]): Choice<(typeof filterStates)[number]>[] =>
    filterStates.map((value) => ({ value, label: value, picked: now.includes(value) })),
};

function groupingNames(): Record<Grouping, string> {
  return {
    dag: l10n.t('By DAG and run'),
    agent: l10n.t('By agent'),
    flat: l10n.t('In one list'),
  };
}

function sortNames(): Record<Sort, string> {
  return {
    newest: l10n.t('Newest first'),
    longest: l10n.t('Longest first'),
    name: l10n.t('By name'),
    failed: l10n.t('Failed first'),
  };
}
