import { isPlain, take } from '../mesos/resources.ts';
import type { Attribute, Offer, Resource } from '../mesos/types.ts';
import type { Amounts } from './types.ts';

export const amountNames = ['cpus', 'mem', 'disk', 'gpus'] as const satisfies readonly (keyof Amounts)[];

/** Whole thousandths, as Mesos counts: 0.1 + 0.2 is 0.3. */
export type Thousandths = Readonly<Record<keyof Amounts, number>>;

/** What matching needs to know of a waiting request. */
export interface Waiting {
  id: string;
  needs: Thousandths;
  constraints: Readonly<Record<string, string>>;
  /** Requests of one shape fit or fail alike. */
  shape: string;
  /** An agent id that is taken only where no other fits. */
  avoid: string | null;
}

/** The offers of one agent for one role together: only such can be accepted in one call. */
export interface Pool {
  agentId: string;
  agent: string;
  hostname: string;
  /** `ip:port` of the agent; null where the offer doesn't say. */
  address: string | null;
  attributes: Attribute[];
  offers: Offer[];
  /** What no task has taken yet. */
  rest: Resource[];
  left: Record<keyof Amounts, number>;
  placements: Placement[];
}

export interface Placement {
  id: string;
  /** For the TaskInfo, with the roles and reservations of the offers. */
  resources: Resource[];
}

export function thousandths(amounts: Amounts): Thousandths {
  const of = (name: keyof Amounts) => Math.round(amounts[name] * 1000);
  return { cpus: of('cpus'), mem: of('mem'), disk: of('disk'), gpus: of('gpus') };
}

export function amountsOf(left: Thousandths): Amounts {
  return { cpus: left.cpus / 1000, mem: left.mem / 1000, disk: left.disk / 1000, gpus: left.gpus / 1000 };
}

/** Everything in which requests may differ for matching, as one text. */
export function shapeOf(needs: Thousandths, constraints: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(constraints).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([needs.cpus, needs.mem, needs.disk, needs.gpus, ...sorted]);
}

/** Groups offers into pools, in the order of their arrival. */
export function poolsOf(offers: readonly Offer[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const offer of offers) {
    const role = offer.allocation_info?.role ?? '';
    const key = `${offer.agent_id.value}\n${role}`;
    const pool = pools.get(key) ?? emptyPool(offer);
    pools.set(key, pool);
    pool.offers.push(offer);
    for (const resource of offer.resources ?? []) {
      pool.rest.push(resource);
      const name = amountNames.find((known) => known === resource.name);
      if (name && resource.scalar && isPlain(resource))
        pool.left[name] += Math.round(resource.scalar.value * 1000);
    }
  }
  return [...pools.values()];
}

/** For people: the agent's attribute `name`, else its hostname. */
export function agentNameOf({ attributes, hostname }: Pick<Offer, 'attributes' | 'hostname'>): string {
  return attributes?.find(({ name }) => name === 'name')?.text?.value ?? hostname;
}

function emptyPool(offer: Offer): Pool {
  // Its own address alone: the hostname that it advertises may lead anywhere.
  const ip = offer.url?.address.ip;
  const attributes = offer.attributes ?? [];
  return {
    agentId: offer.agent_id.value,
    agent: agentNameOf(offer),
    hostname: offer.hostname,
    address: ip === undefined || !offer.url ? null : `${ip}:${offer.url.address.port}`,
    attributes,
    offers: [],
    rest: [],
    left: { cpus: 0, mem: 0, disk: 0, gpus: 0 },
    placements: [],
  };
}

/**
 * Gives each waiting request, in the order given, the first pool that it fits into: first fit, as many to a pool as fit.
 * A small request may pass a large one that doesn't fit. Changes the pools.
 * @returns the ids that fit nowhere
 */
export function match(waiting: readonly Waiting[], pools: readonly Pool[]): string[] {
  // Pools only shrink, so where one request of a shape didn't fit, no later one of it does.
  const firstPool = new Map<string, number>();
  const unplaced: string[] = [];
  for (const task of waiting) {
    const from = firstPool.get(task.shape) ?? 0;
    let index = from;
    while (index < pools.length && !fits(task, pools[index])) index += 1;
    firstPool.set(task.shape, index);
    const first = pools[index];
    const other =
      first?.agentId === task.avoid
        ? pools.find((pool, at) => at > index && pool.agentId !== task.avoid && fits(task, pool))
        : undefined;
    const pool = other ?? first;
    if (!pool || !place(task, pool)) unplaced.push(task.id);
  }
  return unplaced;
}

function fits(task: Waiting, pool: Pool | undefined): boolean {
  if (!pool) return false;
  const { needs } = task;
  const { left } = pool;
  return (
    needs.cpus <= left.cpus &&
    needs.mem <= left.mem &&
    needs.disk <= left.disk &&
    needs.gpus <= left.gpus &&
    Object.entries(task.constraints).every(([name, value]) => hasAttribute(pool.attributes, name, value))
  );
}

function place(task: Waiting, pool: Pool): boolean {
  const part = take(pool.rest, amountsOf(task.needs));
  if (!part) return false;
  pool.rest = part.rest;
  for (const name of amountNames) pool.left[name] -= task.needs[name];
  pool.placements.push({ id: task.id, resources: part.taken });
  return true;
}

/** Whether an agent has an attribute with this value: equal as text, or one of a set's items. */
export function hasAttribute(attributes: readonly Attribute[], name: string, value: string): boolean {
  return attributes.some((attribute) => attribute.name === name && valuesOf(attribute).includes(value));
}

/** What a constraint may say of an attribute. Ranges cannot be asked for. */
export function valuesOf(attribute: Attribute): string[] {
  if (attribute.text) return [attribute.text.value];
  if (attribute.scalar) return [String(attribute.scalar.value)];
  return attribute.set?.item ?? [];
}
