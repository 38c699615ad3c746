import * as l10n from '@vscode/l10n';
import type { AgentView } from '../../../api/people.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { inactiveWord } from '../../agentWords.ts';
import { age, amount, bar, clock, memory, plain, resourcesText } from '../../format.ts';
import type { Paging } from '../paging.ts';
import { loadingRow, type Branch } from '../rows.ts';
import type { MesosTaskRows } from './mesosTaskRows.ts';
import { silentMaster } from './notes.ts';
import { unreachableAgents } from './unreachableAgents.ts';

/** So many agents at once; then "load more". */
const agentsPage = 300;

/** What rows of the Cluster view are made with. */
export interface Making {
  readonly now: number;
  readonly open: ReadonlySet<string>;
  readonly paging: Paging;
  readonly tasks: MesosTaskRows;
}

/** The group of agents: used and total of each, and below an expanded one its unfinished tasks, whosever they are. */
export function agentRows(state: ClusterState, making: Making): Branch {
  const { agents, cluster } = state;
  return {
    row: {
      id: 'agents',
      label: agents ? l10n.t('Agents ({0})', agents.length) : l10n.t('Agents'),
      description: agents ? summary(agents, cluster.master.connected) : '',
      icon: { id: 'server-environment' },
      context: 'agents',
      opens: 'open',
    },
    below: agents
      ? [
          ...making.paging.rows('agents', inOrder(agents), agentsPage, (agent) => agentBranch(agent, making)),
          ...unreachableAgents(state, making),
        ]
      : [cluster.master.connected ? loadingRow('agents') : silentMaster('agents', cluster)],
  };
}

/** Those that are not active first: they would be beyond the page that is shown. */
function inOrder(agents: readonly AgentView[]): readonly AgentView[] {
  if (agents.every(({ active }) => active)) return agents;
  return [...agents.filter(({ active }) => !active), ...agents.filter(({ active }) => active)];
}

/** `5.5 of 8 cpus free`, of those that are active. */
function summary(agents: readonly AgentView[], isPresent: boolean): string {
  if (agents.length === 0) return l10n.t('none yet');
  const { free, total } = freeCpus(agents);
  const parts = [l10n.t('{0} of {1} cpus free', amount(free), amount(total))];
  const inactive = agents.filter(({ active }) => !active);
  const deactivated = inactive.filter((agent) => agent.deactivated).length;
  const away = inactive.length - deactivated;
  if (away > 0) parts.push(l10n.t('{0} not connected', away));
  if (deactivated > 0) parts.push(l10n.t('{0} deactivated', deactivated));
  if (!isPresent) parts.push(l10n.t('as the master said last'));
  return parts.join(' · ');
}

/** The cpus of active agents. */
export function freeCpus(agents: readonly AgentView[]): { free: number; total: number; count: number } {
  const active = agents.filter((agent) => agent.active);
  const total = active.reduce((sum, agent) => sum + agent.total.cpus, 0);
  const used = active.reduce((sum, agent) => sum + agent.used.cpus, 0);
  return { free: total - used, total, count: active.length };
}

function agentBranch(agent: AgentView, { now, open, tasks }: Making): Branch {
  const id = `agent:${agent.id}`;
  const { used, total } = agent;
  const cpus = l10n.t('{0} of {1} cpus', amount(used.cpus), amount(total.cpus));
  const mem = memoryUse(used.mem, total.mem);
  return {
    row: {
      id,
      label: agent.name,
      description: agent.active ? `${bar(used.cpus, total.cpus)} ${cpus} · ${mem}` : inactiveWord(agent),
      // The bar says nothing to the ear.
      ...(agent.active ? { spoken: l10n.t('{0} used, {1} of memory', cpus, mem) } : {}),
      tooltip: agentTooltip(agent, now),
      icon: agent.active ? { id: 'server' } : { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
      context: agent.active ? 'activeAgent' : 'inactiveAgent',
      opens: 'closed',
    },
    below: open.has(id) ? tasks.below(id, 'agent', (task) => task.agent_id === agent.id) : [],
  };
}

/** `1.2 of 4 GB`: the unit once, where both have the same. */
function memoryUse(used: number, total: number): string {
  const [all, usage] = [memory(total), memory(used)];
  const unit = all.slice(all.indexOf(' '));
  const shown = used === 0 ? '0' : usage.endsWith(unit) ? usage.slice(0, -unit.length) : usage;
  return l10n.t('{0} of {1}', shown, all);
}

function agentTooltip(agent: AgentView, now: number): string {
  const { registered } = agent;
  const facts: [string, string | null][] = [
    [l10n.t('address'), agent.address],
    [l10n.t('host'), agent.hostname],
    [
      l10n.t('registered'),
      registered === null ? null : `${clock(registered, now)} (${age(now - registered)})`,
    ],
    [l10n.t('used'), resourcesText(agent.used)],
    [l10n.t('offered'), resourcesText(agent.offered)],
    [l10n.t('total'), resourcesText(agent.total)],
    [l10n.t('attributes'), attributesText(agent)],
    [l10n.t('id'), agent.id],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${plain(value)}`]));
  const blocks = [`**${plain(agent.name)}**${agent.active ? '' : ` ${inactiveWord(agent)}`}`];
  if (!agent.active) {
    blocks.push(
      agent.deactivated
        ? l10n.t('An operator took it out of use: it gets no tasks. Those that it has go on.')
        : l10n.t(
            'It gets no tasks. Those that it has go on if it still runs; where it stays away, Mesos counts it as unreachable.',
          ),
    );
  }
  return [...blocks, lines.join('  \n')].join('\n\n');
}

function attributesText({ attributes }: AgentView): string | null {
  const all = Object.entries(attributes);
  return all.length === 0 ? null : all.map(([name, value]) => `${name} = ${value}`).join(', ');
}
