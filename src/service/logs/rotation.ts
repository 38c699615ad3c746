import path from 'node:path';
import type { FileInfo } from '../../mesos/types.ts';

/** Of a file, and of what it was renamed to as it was rotated: `stdout.1` is the youngest of `stdout`'s. 0: the file itself. */
export type Generation = number;

export function generationName(file: string, generation: Generation): string {
  return generation === 0 ? file : `${file}.${generation}`;
}

/** The generations of a file that its folder holds, youngest first, with their sizes; without the file itself. */
export function olderGenerations(
  file: string,
  folder: readonly FileInfo[],
): { readonly generation: Generation; readonly size: number }[] {
  const prefix = `${path.posix.basename(file)}.`;
  return folder
    .flatMap((info) => {
      const name = path.posix.basename(info.path);
      const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      // Those that logrotate compressed are not what was read.
      return /^[1-9]\d{0,3}$/.test(number) ? [{ generation: Number(number), size: info.size ?? 0 }] : [];
    })
    .sort((one, other) => one.generation - other.generation);
}
