import type { PageAgent } from '../protocol.ts';

/** A piece of an agent's bar, as shares of the whole bar. */
export interface Segment {
  readonly what: 'framework' | 'other' | 'offered' | 'free';
  /** Of a framework: its id. */
  readonly framework: string;
  readonly amount: number;
  readonly share: number;
}

/** The pieces of an agent's bar from left to right: frameworks in the given order, who knows whose, offered, free. */
export function segmentsOf(
  agent: Pick<PageAgent, 'total' | 'used' | 'offered' | 'shares'>,
  of: 'cpus' | 'mem',
  order: (framework: string) => number,
): Segment[] {
  const total = agent.total[of];
  if (total <= 0) return [];
  const segments: Segment[] = [];
  let left = total;
  const add = (what: Segment['what'], framework: string, wanted: number): void => {
    // Views of different moments may add up to more than there is: nothing goes over the edge.
    const amount = Math.min(wanted, left);
    if (amount <= total * 1e-6) return;
    left -= amount;
    segments.push({ what, framework, amount, share: amount / total });
  };
  const shares = [...agent.shares].sort((a, b) => order(a.framework) - order(b.framework));
  for (const share of shares) add('framework', share.framework, share[of]);
  const known = shares.reduce((sum, share) => sum + share[of], 0);
  add('other', '', agent.used[of] - known);
  add('offered', '', agent.offered[of]);
  add('free', '', left);
  return segments;
}
