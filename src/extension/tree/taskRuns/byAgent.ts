import * as l10n from '@vscode/l10n';
import type { AgentView, TaskRun } from '../../../api/people.ts';
import type { Topic } from '../../../api/topics.ts';
import { amount, plain } from '../../format.ts';
import { loadingRow, moreRow, type Branch } from '../rows.ts';
import { isOver, lookOf, lookOfKind } from '../states.ts';
import { byName, sorted } from './order.ts';
import { filteredRun, sortableRun, taskRunRow } from './runRow.ts';
import { joined } from './runText.ts';
import { viewId, type Shown } from './shown.ts';
import { countsText, countStates } from './stateCounts.ts';

export const agentTopics: ReadonlySet<Topic> = new Set(['cluster', 'agents', 'tasks']);

/** So many ended task runs of an agent are shown at first, and more each time. */
export const endedStep = 100;

/** What waits, then the agents, each with what runs there and what ran. */
export function agentGroupRows(shown: Shown): Branch[] {
  const { state, matches } = shown;
  if (!state.tasks || !state.agents) return [loadingRow('tasks')];
  const waiting: TaskRun[] = [];
  const byAgent = new Map<string | null, TaskRun[]>();
  for (const run of state.tasks.values()) {
    if (matches && !matches(filteredRun(run))) continue;
    if (run.agent_id === null && !isOver(run)) waiting.push(run);
    else byAgent.set(run.agent_id, [...(byAgent.get(run.agent_id) ?? []), run]);
  }
  const agents = new Map(state.agents.map((agent) => [agent.id, agent]));
  const rows = [...byAgent].flatMap(([id, runs]) =>
    id === null ? [] : [agentRow(id, agents.get(id), runs, shown)],
  );
  // Agents with nothing to show are told of, unless something is looked for.
  const idle = matches ? [] : state.agents.filter(({ id }) => !byAgent.has(id));
  const all = [...rows, ...idle.map((agent) => agentRow(agent.id, agent, [], shown))];
  const never = byAgent.get(null) ?? [];
  return [
    ...(waiting.length > 0 ? [waitingRow(waiting, shown)] : []),
    ...all.sort((a, b) => byName(a.row.label, b.row.label)),
    ...(never.length > 0 ? [endedRow('none', never, shown, l10n.t('Ended without an agent'))] : []),
  ];
}

function waitingRow(runs: readonly TaskRun[], shown: Shown): Branch {
  const { icon, colour } = lookOfKind('waiting');
  return {
    row: {
      id: 'waiting',
      label: l10n.t('Waiting'),
      description: String(runs.length),
      icon: { id: icon, colour },
      context: 'waiting',
      opens: 'open',
    },
    below: shown.open.has('waiting') ? bounded('waiting', runs, shown) : [],
  };
}

function agentRow(id: string, agent: AgentView | undefined, runs: readonly TaskRun[], shown: Shown): Branch {
  const rowId = `agent:${id}`;
  const unfinished = runs.filter((run) => !isOver(run));
  const ended = runs.filter(isOver);
  const isActive = agent?.active === true;
  const counts = countsText(countStates(unfinished.map((run) => lookOf(run).kind)));
  const cpus = agent && l10n.t('{0} of {1} cpus', amount(agent.used.cpus), amount(agent.total.cpus));
  const name = agent?.name ?? runs[0]?.agent ?? id;
  return {
    row: {
      id: rowId,
      label: name,
      description: joined([
        isActive ? undefined : l10n.t('not connected'),
        counts,
        isActive ? cpus : undefined,
      ]),
      tooltip: [`**${plain(name)}**`, plain(joined([agent?.address, cpus]))].join('\n\n'),
      icon: isActive ? { id: 'server' } : { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
      context: isActive ? 'activeAgent' : 'inactiveAgent',
      opens: runs.length === 0 ? 'never' : isActive ? 'open' : 'closed',
    },
    below: shown.open.has(rowId)
      ? [...bounded(rowId, unfinished, shown), ...(ended.length > 0 ? [endedRow(id, ended, shown)] : [])]
      : [],
  };
}

function endedRow(agentId: string, runs: readonly TaskRun[], shown: Shown, label = l10n.t('Ended')): Branch {
  const id = `ended:${agentId}`;
  const counts = countStates(runs.map((run) => lookOf(run).kind));
  return {
    row: {
      id,
      label,
      description: countsText(counts),
      icon: { id: 'archive' },
      context: 'ended',
      opens: 'closed',
    },
    below: shown.open.has(id) ? bounded(id, runs, shown, true) : [],
  };
}

/** As many as are asked for, with a row that brings more. `isHistory`: the service may have older ones. */
function bounded(parent: string, runs: readonly TaskRun[], shown: Shown, isHistory = false): Branch[] {
  const { options, limits, now, state } = shown;
  const limit = limits.get(parent) ?? endedStep;
  const inOrder = sorted(runs, options.sort, (run) => sortableRun(run, now));
  const rows = inOrder.slice(0, limit).map((run) => taskRunRow(run, now, run.key.dag_id));
  if (runs.length > limit) rows.push(moreRow(viewId, parent, l10n.t('{0} more', runs.length - limit)));
  else if (isHistory && state.olderTasks === 'loading') rows.push(loadingRow(parent));
  else if (isHistory && state.olderTasks === 'more') rows.push(moreRow(viewId, parent, ''));
  return rows;
}
