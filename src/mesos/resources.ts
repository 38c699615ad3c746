// Arithmetic on lists of Mesos resources. Mesos keeps scalars to three decimals (src/common/values.cpp, 1.11), so sums and
// differences are made in whole thousandths: 0.1 + 0.2 is 0.3 here as it is there.
import type { Range, Resource } from './types.ts';

/** What tasks ask for. cpus and gpus are counts, mem and disk are MiB. */
export interface Quantities {
  cpus: number;
  mem: number;
  disk: number;
  gpus: number;
}

const quantityNames = ['cpus', 'mem', 'disk', 'gpus'] as const satisfies readonly (keyof Quantities)[];

const thousandths = (value: number): number => Math.round(value * 1000);

/** A scalar as Mesos keeps it: to three decimals. */
export function roundScalar(value: number): number {
  return thousandths(value) / 1000;
}

/** The scalar resources of a list added up by name, whatever their role and reservation. */
export function sumScalars(resources: readonly Resource[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, scalar } of resources) {
    if (scalar) sums.set(name, (sums.get(name) ?? 0) + thousandths(scalar.value));
  }
  for (const [name, sum] of sums) sums.set(name, sum / 1000);
  return sums;
}

/** The cpus, mem, disk and gpus of a list; 0 for what it lacks. */
export function quantitiesOf(resources: readonly Resource[] = []): Quantities {
  const sums = sumScalars(resources);
  return {
    cpus: sums.get('cpus') ?? 0,
    mem: sums.get('mem') ?? 0,
    disk: sums.get('disk') ?? 0,
    gpus: sums.get('gpus') ?? 0,
  };
}

/** `a` + `b`, to three decimals. */
export function addQuantities(a: Quantities, b: Quantities): Quantities {
  return combine(a, b, (x, y) => x + y);
}

/** `a` - `b`, to three decimals; negative where `b` has more. */
export function subtractQuantities(a: Quantities, b: Quantities): Quantities {
  return combine(a, b, (x, y) => x - y);
}

function combine(a: Quantities, b: Quantities, op: (x: number, y: number) => number): Quantities {
  const of = (name: keyof Quantities) => op(thousandths(a[name]), thousandths(b[name])) / 1000;
  return { cpus: of('cpus'), mem: of('mem'), disk: of('disk'), gpus: of('gpus') };
}

/** Whether a plain task may use a resource in part: not a volume, not shared, not revocable. */
export function isPlain(resource: Resource): boolean {
  return !resource.revocable && !resource.shared && !resource.disk;
}

/**
 * Takes what a task wants out of what an offer (or several of one agent) holds: the resources to put into its
 * TaskInfo, and what is left for the next task. Each part carries the role, reservations and allocation_info of the
 * resource that it comes from, as Mesos demands. Reserved ones are used first: they are of no use to anyone else.
 * Volumes, shared and revocable resources are left alone.
 * @returns undefined if it doesn't fit.
 */
export function take(
  resources: readonly Resource[],
  wanted: Partial<Quantities>,
): { taken: Resource[]; rest: Resource[] } | undefined {
  const taken: Resource[] = [];
  const left = resources.map(({ scalar }) => thousandths(scalar?.value ?? 0));
  for (const name of quantityNames) {
    let missing = thousandths(wanted[name] ?? 0);
    for (const [at, resource] of reservedFirst(resources)) {
      if (missing <= 0) break;
      if (resource.name !== name || !isPlain(resource)) continue;
      const part = Math.min(missing, left[at] ?? 0);
      if (part <= 0) continue;
      missing -= part;
      left[at] = (left[at] ?? 0) - part;
      taken.push({ ...resource, scalar: { value: part / 1000 } });
    }
    if (missing > 0) return undefined;
  }
  const rest = resources.flatMap((resource, at): Resource[] => {
    const value = left[at] ?? 0;
    if (!resource.scalar || value === thousandths(resource.scalar.value)) return [resource];
    return value > 0 ? [{ ...resource, scalar: { value: value / 1000 } }] : [];
  });
  return { taken, rest };
}

function reservedFirst(resources: readonly Resource[]): [number, Resource][] {
  const isReserved = ({ reservations = [], role = '*' }: Resource) => reservations.length > 0 || role !== '*';
  const all = [...resources.entries()];
  return [
    ...all.filter(([, resource]) => isReserved(resource)),
    ...all.filter(([, resource]) => !isReserved(resource)),
  ];
}

/** The ranges of a resource such as `ports`, in ascending order, adjoining ones joined. */
export function rangesOf(resources: readonly Resource[], name: string): Range[] {
  const ranges = resources
    .filter((resource) => resource.name === name)
    .flatMap((resource) => resource.ranges?.range ?? [])
    .toSorted((a, b) => a.begin - b.begin);
  const joined: Range[] = [];
  for (const { begin, end } of ranges) {
    const last = joined.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else joined.push({ begin, end });
  }
  return joined;
}

/** `[31000-32000, 33000-33010]` as Mesos's flags write ranges; undefined if the text isn't that. */
export function parseRanges(text: string): Range[] | undefined {
  const inner = /^\s*\[(.*)\]\s*$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const ranges: Range[] = [];
  for (const part of inner.split(',')) {
    const match = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(part);
    const begin = Number(match?.[1]);
    const end = Number(match?.[2]);
    if (!match || !Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin > end) return undefined;
    ranges.push({ begin, end });
  }
  return ranges;
}
