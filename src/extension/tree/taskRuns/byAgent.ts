import * as l10n from '@vscode/l10n';
import type { AgentView, TaskRun } from '../../../api/people.ts';
import type { Topic } from '../../../api/topics.ts';
import { inactiveWord } from '../../agentWords.ts';
import { amount, plain } from '../../format.ts';
import { loadingRow, type Branch } from '../rows.ts';
import { isOver, lookOf, lookOfKind } from '../states.ts';
import { firstOf, olderRows } from './more.ts';
import { byName, sorted } from './order.ts';
import { filteredRun, sortableRun, taskRunRow } from './runRow.ts';
import { joined } from './runText.ts';
import type { Shown } from './shown.ts';
import { countsText, countStates } from './stateCounts.ts';

export const agentTopics: ReadonlySet<Topic> = new Set(['cluster', 'agents', 'tasks']);

/** With more agents than these none is open at first. */
const mostOpened = 10;

/** What waits, then the agents, each with what runs there and what ran. */
export function agentGroupRows(shown: Shown): Branch[] {
  const { state, matches } = shown;
  if (!state.tasks || !state.agents) return [loadingRow('tasks')];
  const waiting: TaskRun[] = [];
  const byAgent = new Map<string | null, TaskRun[]>();
  for (const run of state.tasks.values()) {
    if (matches && !matches(filteredRun(run))) continue;
    if (run.agent_id === null && !isOver(run)) waiting.push(run);
    else {
      const runs = byAgent.get(run.agent_id);
      if (runs) runs.push(run);
      else byAgent.set(run.agent_id, [run]);
    }
  }
  const never = byAgent.get(null) ?? [];
  const { shown: first, more } = firstOf(
    groupsOf(state.agents, byAgent, matches === undefined),
    'agents',
    shown,
  );
  return [
    ...(waiting.length > 0 ? [waitingRow(waiting, shown)] : []),
    ...first.map((group) => agentRow(group, first.length <= mostOpened, shown)),
    ...more,
    ...(never.length > 0 ? [endedRow('none', never, shown, l10n.t('Ended without an agent'))] : []),
  ];
}

/** An agent with its task runs; one that the master knows no more by what they say of it. */
interface Group {
  readonly id: string;
  readonly name: string;
  readonly agent: AgentView | undefined;
  readonly runs: readonly TaskRun[];
}

/** `withIdle`: also agents with nothing to show, unless something is looked for. */
function groupsOf(
  agents: readonly AgentView[],
  byAgent: ReadonlyMap<string | null, readonly TaskRun[]>,
  withIdle: boolean,
): Group[] {
  const known = new Map(agents.map((agent) => [agent.id, agent]));
  const groups: Group[] = [];
  for (const [id, runs] of byAgent) {
    if (id === null) continue;
    const agent = known.get(id);
    groups.push({ id, name: agent?.name ?? runs[0]?.agent ?? id, agent, runs });
  }
  if (withIdle) {
    for (const agent of agents) {
      if (!byAgent.has(agent.id)) groups.push({ id: agent.id, name: agent.name, agent, runs: [] });
    }
  }
  return groups.sort((a, b) => byName(a.name, b.name));
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

function agentRow({ id, name, agent, runs }: Group, isOpened: boolean, shown: Shown): Branch {
  const rowId = `agent:${id}`;
  const unfinished = runs.filter((run) => !isOver(run));
  const ended = runs.filter(isOver);
  const isActive = agent?.active === true;
  const counts = countsText(countStates(unfinished.map((run) => lookOf(run).kind)));
  const cpus = agent && l10n.t('{0} of {1} cpus', amount(agent.used.cpus), amount(agent.total.cpus));
  return {
    row: {
      id: rowId,
      label: name,
      description: joined([isActive ? undefined : inactiveWord(agent), counts, isActive ? cpus : undefined]),
      tooltip: [`**${plain(name)}**`, plain(joined([agent?.address, cpus]))].join('\n\n'),
      icon: isActive ? { id: 'server' } : { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
      context: isActive ? 'activeAgent' : 'inactiveAgent',
      opens: runs.length === 0 ? 'never' : isActive && isOpened ? 'open' : 'closed',
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
  const { options, now, state } = shown;
  const inOrder = sorted(runs, options.sort, (run) => sortableRun(run, now));
  const { shown: first, more } = firstOf(inOrder, parent, shown);
  const older = isHistory && more.length === 0 ? olderRows(parent, state.olderTasks, '') : [];
  return [...first.map((run) => taskRunRow(run, now, run.key.dag_id)), ...more, ...older];
}
