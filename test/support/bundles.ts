import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { leftOut } from '../../scripts/leftOut/leftOut.mjs';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles programs (`service`: src/service/main.ts) into a folder as scripts/build.mjs does, from the sources of now. */
export async function bundle(names: readonly string[], folder: string): Promise<void> {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => ({ in: `src/${name}/main.ts`, out: name })),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    plugins: [leftOut],
    logLevel: 'warning',
  });
}

export function fixture(...parts: string[]): string {
  return path.join(projectRoot, 'test', 'fixtures', ...parts);
}
