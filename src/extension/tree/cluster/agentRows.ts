import type { AgentView } from '../../../api/people.ts';
import { amount, bar, counted, memory, plain, resourcesText } from '../../format.ts';
import type { Branch } from '../rows.ts';

/** The group of agents: used and total of each. */
export function agentRows(agents: readonly AgentView[]): Branch {
  const active = agents.filter((agent) => agent.active);
  const total = sum(active, (agent) => agent.total.cpus);
  const used = sum(active, (agent) => agent.used.cpus);
  return {
    row: {
      id: 'agents',
      label: `Agents (${agents.length})`,
      description: agents.length === 0 ? 'none yet' : `${amount(total - used)} of ${amount(total)} cpus free`,
      icon: { id: 'server-environment' },
      context: 'agents',
      opens: 'open',
    },
    below: agents.map((agent) => ({ row: agentRow(agent) })),
  };
}

function agentRow(agent: AgentView): Branch['row'] {
  const { used, total } = agent;
  return {
    id: `agent:${agent.id}`,
    label: agent.name,
    description: agent.active
      ? `${bar(used.cpus, total.cpus)} ${amount(used.cpus)} of ${amount(total.cpus)} cpus · ${memoryUse(used.mem, total.mem)}`
      : 'not connected',
    tooltip: agentTooltip(agent),
    icon: agent.active ? { id: 'server' } : { id: 'debug-disconnect', colour: 'mesosAirflow.interrupted' },
    context: agent.active ? 'activeAgent' : 'inactiveAgent',
    opens: 'never',
  };
}

/** `1.2 of 4 GB`: the unit once, where both have the same. */
function memoryUse(used: number, total: number): string {
  const [all, usage] = [memory(total), memory(used)];
  if (used === 0) return `0 of ${all}`;
  const unit = all.slice(all.indexOf(' '));
  return usage.endsWith(unit) ? `${usage.slice(0, -unit.length)} of ${all}` : `${usage} of ${all}`;
}

function agentTooltip(agent: AgentView): string {
  const lines = [
    `**${plain(agent.name)}** ${agent.active ? '' : '(not connected)'}`.trim(),
    plain(agent.address),
    `used: ${plain(resourcesText(agent.used))}`,
    `offered: ${plain(resourcesText(agent.offered))}`,
    `total: ${plain(resourcesText(agent.total))}`,
  ];
  const attributes = Object.entries(agent.attributes);
  if (attributes.length > 0) {
    const list = attributes.map(([name, value]) => plain(`${name} = ${value}`)).join(', ');
    lines.push(`${counted(attributes.length, 'attribute')}: ${list}`);
  }
  lines.push(`id: ${plain(agent.id)}`);
  return lines.join('\n\n');
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
