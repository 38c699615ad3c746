import { amountNames, amountsOf, hasAttribute, thousandths, valuesOf } from './matching.ts';
import type { Pool, Waiting } from './matching.ts';
import type { Amounts, Explanation } from './types.ts';
import type { Attribute } from '../mesos/types.ts';

/** What an agent offered last, and most. */
export interface SeenAgent {
  agent: string;
  attributes: Attribute[];
  /** What its last offer had left when the requests ahead had taken theirs. */
  left: Amounts;
  /** The most of each that an offer of it had. */
  most: Amounts;
}

/** What is known of the agents from their offers, since the last subscription. */
export class SeenAgents {
  readonly #agents = new Map<string, SeenAgent>();

  /** Pools before matching: what the offers hold. */
  offered(pools: readonly Pool[]): void {
    for (const pool of pools) {
      const left = amountsOf(pool.left);
      const most = this.#agents.get(pool.agentId)?.most ?? left;
      this.#agents.set(pool.agentId, {
        agent: pool.agent,
        attributes: pool.attributes,
        left,
        most: {
          cpus: Math.max(most.cpus, left.cpus),
          mem: Math.max(most.mem, left.mem),
          disk: Math.max(most.disk, left.disk),
          gpus: Math.max(most.gpus, left.gpus),
        },
      });
    }
  }

  /** The same pools after matching: what is left of them. */
  matched(pools: readonly Pool[]): void {
    for (const pool of pools) {
      const seen = this.#agents.get(pool.agentId);
      if (seen) this.#agents.set(pool.agentId, { ...seen, left: amountsOf(pool.left) });
    }
  }

  forget(agentId: string): void {
    this.#agents.delete(agentId);
  }

  clear(): void {
    this.#agents.clear();
  }

  all(): SeenAgent[] {
    return [...this.#agents.values()];
  }
}

const units: Record<keyof Amounts, string> = {
  cpus: 'cpus',
  mem: 'MB of memory',
  disk: 'MB of disk',
  gpus: 'gpus',
};

/** Why a request waits, by what the agents offered. A pure function. */
export function explain(
  task: Pick<Waiting, 'needs' | 'constraints'>,
  seen: readonly SeenAgent[],
): Explanation {
  const needs = amountsOf(task.needs);
  const agents = seen.map(({ agent, attributes, left }) => ({
    agent,
    offered: left,
    lacks: amountNames
      .filter((name) => thousandths(left)[name] < task.needs[name])
      .map((resource) => ({ resource, needs: needs[resource], has: left[resource] })),
    mismatched: Object.entries(task.constraints)
      .filter(([name, value]) => !hasAttribute(attributes, name, value))
      .map(([attribute, value]) => ({
        attribute,
        needs: value,
        has:
          attributes
            .filter(({ name }) => name === attribute)
            .flatMap(valuesOf)
            .join(', ') || null,
      })),
  }));
  return { summary: summaryOf(needs, agents, seen), agents };
}

function summaryOf(needs: Amounts, agents: Explanation['agents'], seen: readonly SeenAgent[]): string {
  if (agents.length === 0) return 'Waits for offers: none came yet.';
  const suitable = agents.flatMap((agent, index) => (agent.mismatched.length === 0 ? [index] : []));
  if (suitable.length === 0) return mismatchOf(agents);
  const candidates = suitable.flatMap((index) => seen[index] ?? []);
  const tooMuch = amountNames.filter((name) => candidates.every(({ most }) => most[name] < needs[name]));
  if (tooMuch.length > 0) {
    return `Needs ${listOf(tooMuch, needs)}: more than any agent has offered (at most ${tooMuch
      .map((name) =>
        mostOf(
          name,
          candidates.map(({ agent, most }) => ({ agent, has: most[name] })),
        ),
      )
      .join(', ')}).`;
  }
  const short = amountNames.filter((name) => candidates.every(({ left }) => left[name] < needs[name]));
  if (short.length > 0) {
    const largest = short.map((name) =>
      mostOf(
        name,
        candidates.map(({ agent, left }) => ({ agent, has: left[name] })),
      ),
    );
    return `Waits for ${listOf(short, needs)}. The largest offer had ${largest.join(', ')}.`;
  }
  const closest = suitable
    .flatMap((index) => agents[index] ?? [])
    .toSorted((a, b) => a.lacks.length - b.lacks.length)[0];
  if (!closest || closest.lacks.length === 0) return 'Waits for the next offer.';
  const lacks = closest.lacks.map(({ resource, has }) => `${amount(has)} ${units[resource]}`).join(' and ');
  const all = listOf(
    amountNames.filter((name) => needs[name] > 0),
    needs,
  );
  return `Waits for ${all} on one agent. ${closest.agent} came closest: it had ${lacks}.`;
}

function mismatchOf(agents: Explanation['agents']): string {
  const wanted = new Map(
    agents.flatMap(({ mismatched }) => mismatched.map((m) => [m.attribute, m.needs] as const)),
  );
  const [first] = agents;
  const example = first?.mismatched[0];
  const seen =
    first && example
      ? ` (${first.agent} has ${example.has === null ? `no ${example.attribute}` : `${example.attribute}=${example.has}`})`
      : '';
  return `Waits for an agent with ${[...wanted].map(([name, value]) => `${name}=${value}`).join(' and ')}${seen}.`;
}

function mostOf(name: keyof Amounts, agents: readonly { agent: string; has: number }[]): string {
  const most = agents.reduce((best, next) => (next.has > best.has ? next : best));
  return `${amount(most.has)}${name === 'mem' || name === 'disk' ? ` ${units[name]}` : ''} (${most.agent})`;
}

function listOf(names: readonly (keyof Amounts)[], needs: Amounts): string {
  return names
    .map(
      (name) => `${amount(needs[name])} ${needs[name] === 1 ? units[name].replace(/s$/, '') : units[name]}`,
    )
    .join(' and ');
}

function amount(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
