import * as l10n from '@vscode/l10n';
import type { ClusterView } from '../../../api/people.ts';
import { problemRow, type Branch } from '../rows.ts';

/** A row that only says something. */
export function noteRow(id: string, label: string, description = ''): Branch {
  return {
    row: {
      id,
      label,
      description,
      icon: { id: 'dash', colour: 'disabledForeground' },
      context: 'note',
      opens: 'never',
    },
  };
}

/** Below `parent`, where what belongs there was never heard of because the master does not answer. */
export function silentMaster(parent: string, { problem }: ClusterView): Branch {
  return problemRow(parent, {
    error: l10n.t('The Mesos master does not answer'),
    why: problem ?? l10n.t('it is not up yet, or is being started again'),
    next: l10n.t('It is tried again by itself.'),
  });
}
