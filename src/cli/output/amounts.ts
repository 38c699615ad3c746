import type { Resources } from '../../api/common.ts';

/** Megabytes for a person, as Mesos counts them (2^20 bytes): `512 MB`, `8 GB`, `1.5 GB`. */
export function megabytes(amount: number): string {
  return amount < 1024 ? `${short(amount)} MB` : `${short(amount / 1024)} GB`;
}

/** A number with at most one decimal, and none where it is whole: `2.5`, `4`. */
export function short(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

/** `2.5 cpus, 6 GB`, with GPUs where there are any. */
export function amounts(resources: Pick<Resources, 'cpus' | 'mem'> & { readonly gpus?: number }): string {
  const gpus = resources.gpus ? `, ${short(resources.gpus)} gpus` : '';
  return `${short(resources.cpus)} ${resources.cpus === 1 ? 'cpu' : 'cpus'}, ${megabytes(resources.mem)}${gpus}`;
}

/** How many of something: `1 task`, `3 tasks`. */
export function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** Bytes for a person: `812 bytes`, `64 kB`, `1.2 MB`, `3.4 GB`. */
export function byteCount(bytes: number): string {
  if (bytes < 1024) return count(bytes, 'byte');
  return bytes < 1024 * 1024 ? `${short(bytes / 1024)} kB` : megabytes(bytes / 1024 / 1024);
}
