import type { AgentView, FrameworkView, OfferView, OffersView } from '../../api/people.ts';
import { amounts, count, megabytes, short } from '../output/amounts.ts';
import { clock } from '../output/durations.ts';
import { table } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

const bars = 8;

/** How full something is, as a bar of eight: `■■■□□□□□`. */
export function bar(used: number, total: number): string {
  const full = total > 0 ? Math.min(bars, Math.round((used / total) * bars)) : 0;
  return '■'.repeat(full) + '□'.repeat(bars - full);
}

/** Agents with what they have and what is used. */
export function agentLines(agents: readonly AgentView[], colors: Colors): string[] {
  if (agents.length === 0) return ['No agent has registered.'];
  const rows = agents.map((agent) => [
    agent.active ? agent.name : colors.yellow(`${agent.name} (inactive)`),
    `${bar(agent.used.cpus, agent.total.cpus)} ${short(agent.used.cpus)} of ${short(agent.total.cpus)}`,
    `${megabytes(agent.used.mem)} of ${megabytes(agent.total.mem)}`,
    agent.address,
    colors.dim(agent.id),
  ]);
  return table(['AGENT', 'CPUS USED', 'MEMORY USED', 'ADDRESS', 'ID'], rows, colors);
}

/** Frameworks on the master, ours first. */
export function frameworkLines(frameworks: readonly FrameworkView[], colors: Colors): string[] {
  if (frameworks.length === 0) return ['No framework is registered.'];
  const rows = [...frameworks]
    .sort((a, b) => Number(b.ours) - Number(a.ours))
    .map((framework) => [
      `${oneLine(framework.name)}${framework.ours ? ' (ours)' : ''}`,
      frameworkState(framework, colors),
      count(framework.tasks, 'task'),
      amounts(framework.used),
      framework.roles.join(', '),
      framework.user,
      colors.dim(framework.id),
    ]);
  return table(['FRAMEWORK', 'STATE', 'RUNNING', 'USED', 'ROLES', 'USER', 'ID'], rows, colors);
}

function frameworkState(framework: FrameworkView, colors: Colors): string {
  if (!framework.active) return colors.gray('– inactive');
  return framework.connected ? colors.green('✓ connected') : colors.yellow('⊘ disconnected');
}

/** Offers with their fate: the outstanding ones, then the last ones. */
export function offerLines({ offers, suppressed }: OffersView, colors: Colors): string[] {
  const by = (fate: OfferView['fate']): number => offers.filter((offer) => offer.fate === fate).length;
  const summary = `${by('outstanding')} out, ${by('accepted')} taken, ${by('declined')} declined`;
  const idle = suppressed ? 'Nothing waits, so no offers are asked for (suppressed).' : '';
  if (offers.length === 0) return [idle || 'No offer has come yet.'];
  const rows = offers.map((offer) => [
    clock(offer.at),
    offer.agent,
    amounts(offer.resources),
    offer.fate,
    oneLine(offer.fate === 'accepted' ? `for ${offer.tasks.join(', ')}` : offer.why),
    colors.dim(offer.id),
  ]);
  const heading = ['TIME', 'AGENT', 'OFFERED', 'FATE', 'WHY', 'ID'];
  return [summary, ...(idle ? [idle] : []), '', ...table(heading, rows, colors)];
}
