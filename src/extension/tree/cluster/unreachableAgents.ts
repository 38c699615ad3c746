import * as l10n from '@vscode/l10n';
import type { ClusterState } from '../../cluster/state.ts';
import { plain } from '../../format.ts';
import type { Branch } from '../rows.ts';
import type { Making } from './agentRows.ts';

/**
 * Agents that the master does not list any more though tasks are on them, as far as the tasks are known: it cannot reach
 * them, and waits for them to come back.
 */
export function unreachableAgents(state: ClusterState, { open, tasks }: Making): Branch[] {
  const listed = new Set(state.agents?.map(({ id }) => id));
  const ids = new Set(
    state.mesosTasks?.tasks.map(({ agent_id }) => agent_id).filter((id) => !listed.has(id)),
  );
  return [...ids].map((agentId) => {
    const id = `agent:${agentId}`;
    const name = nameOf(agentId, state);
    return {
      row: {
        id,
        label: name,
        description: l10n.t('unreachable'),
        tooltip: [
          `**${plain(name)}** ${l10n.t('unreachable')}`,
          l10n.t(
            'The master cannot reach it. Its tasks go on if it still runs, and are known again when it comes back.',
          ),
          `${l10n.t('id')}: ${plain(agentId)}`,
        ].join('\n\n'),
        icon: { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
        context: 'unreachableAgent',
        opens: 'closed',
      },
      below: open.has(id) ? tasks.below(id, 'agent', (task) => task.agent_id === agentId) : [],
    };
  });
}

/** Known where a task run of ours was on it. */
function nameOf(agentId: string, { tasks }: ClusterState): string {
  for (const task of tasks?.values() ?? []) if (task.agent_id === agentId && task.agent) return task.agent;
  return agentId;
}
