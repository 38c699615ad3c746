// Bundles the four programs and the editor's cluster page into dist/ (esbuild). They are CommonJS by their name, `.cjs`, so
// that they run as they are from wherever they are copied to, on Node 20 and in VS Code. `--watch` builds again on each
// change.
import { build, context } from 'esbuild';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inParts } from './inParts.mjs';
import { leftOut } from './leftOut/leftOut.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = {
  cli: 'src/cli/main.ts',
  service: 'src/service/main.ts',
  devmesos: 'src/devmesos/main.ts',
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
  entryPoints: Object.entries(entries)
    .filter(([, file]) => existsSync(`${root}/${file}`))
    .map(([out, file]) => ({ in: file, out })),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  plugins: [leftOut],
  sourcemap: true,
  sourcesContent: false,
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Each function's name would be set while the editor loads it, which waits for that. Errors name themselves. */
const extension = (minify) =>
  inParts(
    { extension: 'src/extension/main.ts', 'extension/window': 'src/extension/window.ts' },
    { ...options, target: 'node22', keepNames: false, minify },
  );

/** The cluster page, for VS Code's own browser. */
const page = {
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/page/main.ts', out: 'page' },
    { in: 'src/page/page.css', out: 'page' },
  ],
  outdir: 'dist/page',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'esnext',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

if (process.argv.includes('--watch')) {
  const all = [{ ...options, minify: false }, extension(false), { ...page, minify: false }];
  for (const one of all) await (await context(one)).watch();
} else {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  await Promise.all([build(options), build(extension(true)), build(page)]);
}
