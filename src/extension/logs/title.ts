import * as l10n from '@vscode/l10n';
import type { TaskRun } from '../../api/people.ts';
import { taskName } from '../tree/states.ts';

/** The title of a task run's log: `summarise[2] · try 1 · agent-1`. */
export function logTitle(run: Pick<TaskRun, 'key' | 'agent'>): string {
  const parts = [taskName(run), l10n.t('try {0}', run.key.try_number)];
  if (run.agent !== null) parts.push(run.agent);
  // A slash would end the part of the address that an editor shows as its title.
  return parts.join(' · ').replaceAll('/', '∕');
}
