import type { PageAgent } from '../protocol.ts';

export interface AgentGroup {
  /** The attribute's value; empty where agents have none, or are not grouped. */
  readonly value: string;
  readonly agents: readonly PageAgent[];
}

export type AgentOrder = 'name' | 'used';

/** Attributes that tell groups of agents apart: each with fewer values than there are agents. */
export function groupingAttributes(agents: Iterable<PageAgent>): string[] {
  const values = new Map<string, Set<string>>();
  let count = 0;
  for (const { attributes } of agents) {
    count += 1;
    for (const [name, value] of Object.entries(attributes)) {
      const known = values.get(name);
      if (known) known.add(value);
      else values.set(name, new Set([value]));
    }
  }
  const names = [...values].filter(([, different]) => different.size < count).map(([name]) => name);
  return names.sort(naturally);
}

/** Agents by an attribute's value (all in one where it is empty), each group in its order. */
export function grouped(agents: Iterable<PageAgent>, attribute: string, order: AgentOrder): AgentGroup[] {
  const groups = new Map<string, PageAgent[]>();
  for (const agent of agents) {
    const value = attribute === '' ? '' : (agent.attributes[attribute] ?? '');
    const group = groups.get(value);
    if (group) group.push(agent);
    else groups.set(value, [agent]);
  }
  const byName = (a: PageAgent, b: PageAgent): number => naturally(a.name, b.name);
  const byUse = (a: PageAgent, b: PageAgent): number => usedShare(b) - usedShare(a) || byName(a, b);
  return [...groups]
    .sort(([a], [b]) => Number(a === '') - Number(b === '') || naturally(a, b))
    .map(([value, members]) => ({ value, agents: members.sort(order === 'name' ? byName : byUse) }));
}

/** In tenths, so that cards don't change places for little. */
function usedShare({ total, used }: PageAgent): number {
  return total.cpus > 0 ? Math.round((used.cpus / total.cpus) * 10) : 0;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** `agent-2` before `agent-10`. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b);
}
