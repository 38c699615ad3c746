import * as l10n from '@vscode/l10n';
import type { AgentView } from '../api/people.ts';

/** Why an agent that is not active gets no tasks; undefined: it is no agent any more. */
export function inactiveWord(agent: Pick<AgentView, 'deactivated'> | undefined): string {
  return agent?.deactivated ? l10n.t('deactivated') : l10n.t('not connected');
}
