import type { Range, ReservationInfo, Resource } from '../mesos/types.ts';
import { addRanges, containsRanges, rangesText, subtractRanges } from './ranges.ts';

/** One kind of resource: same name, type, reservations and allocation. Scalars are held in thousandths, as Mesos compares them. */
interface Item {
  readonly name: string;
  readonly type: Resource['type'];
  readonly reservations: readonly ReservationInfo[];
  /** The role that it is allocated to, in offers and tasks. */
  readonly allocated: string | undefined;
  /** What else sets it apart (volume, revocable, shared), as JSON. */
  readonly special: string;
  readonly thousandths: number;
  readonly ranges: readonly Range[];
  readonly set: readonly string[];
}

export interface JsonStyle {
  /** How reservations are told: `role` (before RESERVATION_REFINEMENT), `reservations`, or both (operator API). */
  readonly reservations: 'role' | 'reservations' | 'both';
  /** Whether allocation_info is written (clients with MULTI_ROLE). */
  readonly allocation: boolean;
}

/** An immutable sum of resources. Quantities of zero are dropped. */
export class Resources {
  static readonly none = new Resources(new Map());
  readonly #items: ReadonlyMap<string, Item>;

  private constructor(items: ReadonlyMap<string, Item>) {
    this.#items = items;
  }

  static of(list: readonly Resource[] = []): Resources {
    const items = new Map<string, Item>();
    for (const resource of list) merge(items, itemOf(resource));
    return new Resources(items);
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  plus(other: Resources): Resources {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const items = new Map(this.#items);
    for (const item of other.#items.values()) merge(items, item);
    return new Resources(items);
  }

  /** Less what of `other` is in it. */
  minus(other: Resources): Resources {
    if (other.isEmpty) return this;
    const items = new Map(this.#items);
    for (const [key, theirs] of other.#items) {
      const ours = items.get(key);
      if (!ours) continue;
      const left: Item = {
        ...ours,
        thousandths: Math.max(0, ours.thousandths - theirs.thousandths),
        ranges: subtractRanges(ours.ranges, theirs.ranges),
        set: ours.set.filter((member) => !theirs.set.includes(member)),
      };
      if (isNothing(left)) items.delete(key);
      else items.set(key, left);
    }
    return new Resources(items);
  }

  contains(other: Resources): boolean {
    for (const [key, theirs] of other.#items) {
      const ours = this.#items.get(key);
      if (!ours) return false;
      if (ours.thousandths < theirs.thousandths) return false;
      if (!containsRanges(ours.ranges, theirs.ranges)) return false;
      if (!theirs.set.every((member) => ours.set.includes(member))) return false;
    }
    return true;
  }

  /** The same, allocated to a role; undefined: to none. */
  allocatedTo(role: string | undefined): Resources {
    const items = new Map<string, Item>();
    for (const item of this.#items.values()) merge(items, { ...item, allocated: role });
    return new Resources(items);
  }

  /** What a framework of this role may be offered: what is not reserved, or reserved for the role or one above it. */
  offerableTo(role: string): Resources {
    const items = [...this.#items].filter(([, { reservations }]) => {
      const reservedFor = reservations.at(-1)?.role;
      return reservedFor === undefined || reservedFor === role || role.startsWith(`${reservedFor}/`);
    });
    return items.length === this.#items.size ? this : new Resources(new Map(items));
  }

  /** What is allocated to this role. */
  inRole(role: string): Resources {
    return new Resources(new Map([...this.#items].filter(([, { allocated }]) => allocated === role)));
  }

  /** Sum of a scalar over all roles, in its unit; 0 where there is none. */
  scalar(name: string): number {
    let sum = 0;
    for (const item of this.#items.values()) if (item.name === name) sum += item.thousandths;
    return sum / 1000;
  }

  /** Names of the scalars. */
  scalarNames(): Set<string> {
    return new Set([...this.#items.values()].filter(({ type }) => type === 'SCALAR').map(({ name }) => name));
  }

  /** The ranges of a name, as text (`[31000-32000]`), undefined where there are none. */
  rangesText(name: string): string | undefined {
    const item = [...this.#items.values()].find((one) => one.name === name && one.type === 'RANGES');
    return item && rangesText(item.ranges);
  }

  toJson(style: JsonStyle): Resource[] {
    return this.#ordered().map((item) => jsonOf(item, style));
  }

  /** As in Mesos's messages: `cpus(allocated: *):4; mem(allocated: *):4096`. */
  toString(): string {
    return this.#ordered().map(textOf).join('; ');
  }

  /** Ranges and sets come first, as the real allocator happens to list them. */
  #ordered(): Item[] {
    const items = [...this.#items.values()];
    return [
      ...items.filter(({ type }) => type !== 'SCALAR'),
      ...items.filter(({ type }) => type === 'SCALAR'),
    ];
  }
}

function itemOf(resource: Resource): Item {
  const { disk, revocable, shared } = resource as Resource & {
    disk?: { persistence?: object; volume?: object };
  };
  const special = (disk ?? revocable ?? shared) ? JSON.stringify([disk, revocable, shared]) : '';
  return {
    name: resource.name,
    type: resource.type,
    reservations: reservationsOf(resource),
    allocated: resource.allocation_info?.role,
    special,
    thousandths: resource.type === 'SCALAR' ? Math.round((resource.scalar?.value ?? 0) * 1000) : 0,
    ranges: resource.type === 'RANGES' ? addRanges([], resource.ranges?.range ?? []) : [],
    set: resource.type === 'SET' ? [...new Set(resource.set?.item ?? [])] : [],
  };
}

/** Both ways to write a reservation: `reservations`, and before RESERVATION_REFINEMENT a `role` other than `*`. */
function reservationsOf(resource: Resource): readonly ReservationInfo[] {
  if (resource.reservations?.length) return resource.reservations;
  if (resource.role === undefined || resource.role === '*') return [];
  return [{ type: 'STATIC', role: resource.role }];
}

function keyOf(item: Item): string {
  const reservations = item.reservations.map(({ type, role, principal }) => [type, role, principal]);
  return JSON.stringify([item.name, item.type, reservations, item.allocated, item.special]);
}

function isNothing(item: Item): boolean {
  return item.thousandths <= 0 && item.ranges.length === 0 && item.set.length === 0;
}

function merge(items: Map<string, Item>, item: Item): void {
  if (isNothing(item)) return;
  const key = keyOf(item);
  const there = items.get(key);
  items.set(
    key,
    there
      ? {
          ...there,
          thousandths: there.thousandths + item.thousandths,
          ranges: addRanges(there.ranges, item.ranges),
          set: [...new Set([...there.set, ...item.set])],
        }
      : item,
  );
}

function jsonOf(item: Item, style: JsonStyle): Resource {
  const reserved = item.reservations.length > 0;
  return {
    name: item.name,
    type: item.type,
    ...(item.type === 'SCALAR' ? { scalar: { value: item.thousandths / 1000 } } : {}),
    ...(item.type === 'RANGES' ? { ranges: { range: [...item.ranges] } } : {}),
    ...(item.type === 'SET' ? { set: { item: [...item.set] } } : {}),
    ...(style.reservations === 'reservations' ? {} : { role: item.reservations.at(-1)?.role ?? '*' }),
    ...(style.reservations !== 'role' && reserved ? { reservations: [...item.reservations] } : {}),
    ...(style.allocation && item.allocated !== undefined
      ? { allocation_info: { role: item.allocated } }
      : {}),
  };
}

function textOf(item: Item): string {
  const allocated = item.allocated === undefined ? '' : `(allocated: ${item.allocated})`;
  const stack = item.reservations.map(
    ({ type, role, principal }) =>
      `(${[type, role, principal].filter((part) => part !== undefined).join(',')})`,
  );
  const reservations = stack.length > 0 ? `(reservations: [${stack.join(',')}])` : '';
  const value =
    item.type === 'SCALAR'
      ? String(item.thousandths / 1000)
      : item.type === 'RANGES'
        ? rangesText(item.ranges)
        : `{${item.set.join(', ')}}`;
  return `${item.name}${allocated}${reservations}:${value}`;
}
