import type { EnvironmentProgress } from './types.ts';

/** Reads an installer's output line by line and tells what it means, where it means something to a person. */
export type ProgressReader = (line: string) => EnvironmentProgress | undefined;

type Phase = 'packages' | 'requirements';

/**
 * uv without a terminal: it says how many packages there are, names each large download with its size and its end, and
 * says when all are there, installed and compiled.
 */
export function uvProgress(phase: Phase): ProgressReader {
  const sizes = new Map<string, number>();
  const arrived = new Set<string>();
  let packages = 0;
  const sum = (names: Iterable<string>): number =>
    Math.round([...names].reduce((total, name) => total + (sizes.get(name) ?? 0), 0));
  return (line) => {
    const resolved = /^Resolved (\d+) packages?/.exec(line)?.[1];
    if (resolved) {
      packages = Number(resolved);
      return { phase, detail: `fetching ${packages} packages` };
    }
    const [, starting, amount, unit] = /^\s*Downloading (\S+) \(([\d.]+)\s*([KMG]i?B)\)/.exec(line) ?? [];
    if (starting) sizes.set(starting, megabytes(Number(amount), unit ?? ''));
    const ended = /^\s*Downloaded (\S+)/.exec(line)?.[1];
    if (ended) arrived.add(ended);
    if (starting || ended) {
      const [done, total] = [sum(arrived), sum(sizes.keys())];
      return { phase, detail: `fetching ${packages} packages, ${done} of ${total} MB`, done, total };
    }
    const prepared = /^Prepared (\d+) packages?/.exec(line)?.[1];
    if (prepared) return { phase, detail: `installing ${prepared} packages` };
    const installed = /^Installed (\d+) packages?/.exec(line)?.[1];
    if (installed) return { phase: 'bytecode', detail: 'compiling them, so that Airflow starts fast' };
    return undefined;
  };
}

/** pip names each package that it collects, and says when it begins to install them. */
export function pipProgress(phase: Phase, total: number): ProgressReader {
  const seen = new Set<string>();
  return (line) => {
    const collected = /^Collecting ([^\s=<>!~[;]+)/.exec(line)?.[1];
    if (collected) {
      seen.add(collected);
      const done = Math.min(seen.size, total);
      return { phase, detail: `fetching ${done} of ${total} packages`, done, total };
    }
    const installing = /^Installing collected packages: (.*)$/.exec(line)?.[1];
    if (installing) return { phase, detail: `installing ${installing.split(',').length} packages` };
    return undefined;
  };
}

function megabytes(amount: number, unit: string): number {
  const factor = { K: 1 / 1024, M: 1, G: 1024 }[unit.charAt(0)] ?? 1;
  return amount * factor;
}
