import type { BuildOptions } from 'esbuild';

export declare function inParts(
  wholes: Readonly<Record<string, string>>,
  options: BuildOptions,
): BuildOptions;
