// The extension in files: dist/extension.cjs, which is all that a window loads as it opens, and in dist/extension/ a file
// for each `import('./…')`, and for what only some of those share. esbuild splits ES modules only, and what is shared into
// many files; so what it split is bundled once more: as CommonJS, which the editor asks for, with all that is loaded at
// once in the first file. Each module is in one file only: a class is the same class for all of them.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { directRequire } from './directRequire.mjs';

/** Beside the first file, and its name. */
const parts = 'extension';

/**
 * esbuild's options for `entry`, of those of the other bundles.
 * @param {string} entry
 * @param {import('esbuild').BuildOptions} options
 * @returns {import('esbuild').BuildOptions}
 */
export function inParts(entry, options) {
  return {
    ...options,
    entryPoints: [{ in: entry, out: parts }],
    outExtension: {},
    chunkNames: `${parts}/[name]-[hash]`,
    format: 'esm',
    splitting: true,
    sourcemap: 'inline',
    minify: false,
    metafile: true,
    write: false,
    plugins: [
      {
        name: 'inParts',
        setup: ({ onEnd }) =>
          onEnd(async ({ metafile, outputFiles }) => {
            if (metafile && outputFiles) write(options, await bundleAgain(options, metafile, outputFiles));
          }),
      },
    ],
  };
}

/** @returns {Promise<import('esbuild').OutputFile[]>} */
async function bundleAgain(options, metafile, split) {
  const { absWorkingDir: root, outdir } = options;
  const first = path.resolve(root, outdir, `${parts}.js`);
  const texts = new Map(split.map((file) => [file.path, directRequire(file.text)]));
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [path.resolve(root, file), output]),
  );
  const atOnce = new Set([first]);
  for (const file of atOnce) {
    for (const { kind, path: imported, external } of outputs.get(file).imports) {
      if (kind === 'import-statement' && !external) atOnce.add(path.resolve(root, imported));
    }
  }
  /** In the first file several have a name; beyond it each is known by `<name>_<number of its file>`. */
  const numbers = new Map([...atOnce].map((file, number) => [file, number]));
  const exported = (file, from, as) =>
    `export {${outputs.get(file).exports.map((name) => as(name, `${name}_${numbers.get(file)}`))}} from '${from}';`;

  const plugin = {
    name: 'bundleAgain',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.js$/ }, ({ path: name, importer, kind, namespace }) => {
        if (kind === 'entry-point') return { path: name, namespace: name === first ? 'first' : 'file' };
        if (namespace === 'outside') return { path: `../${parts}.cjs`, external: true };
        const file = path.resolve(path.dirname(importer), name);
        const isInside = atOnce.has(importer);
        if (kind === 'import-statement' && atOnce.has(file)) {
          return { path: file, namespace: isInside ? 'file' : 'outside' };
        }
        const part = `${path.basename(file, '.js')}.cjs`;
        return { path: isInside ? `./${parts}/${part}` : `./${part}`, external: true };
      });
      onLoad({ filter: /./, namespace: 'file' }, ({ path: file }) => ({ contents: texts.get(file) }));
      // What the editor wants of the first file, and then what its parts want of it.
      onLoad({ filter: /./, namespace: 'first' }, () => ({
        contents: [...atOnce]
          .map((file) =>
            exported(
              file,
              `./${path.relative(path.dirname(first), file)}`,
              file === first ? (name) => name : (name, as) => `${name} as ${as}`,
            ),
          )
          .join('\n'),
      }));
      onLoad({ filter: /./, namespace: 'outside' }, ({ path: file }) => ({
        contents: exported(file, `${parts}.js`, (name, as) => `${as} as ${name}`),
      }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    entryPoints: [first, ...[...texts.keys()].filter((file) => !atOnce.has(file))],
    outbase: path.dirname(first),
    plugins: [plugin],
    write: false,
  });
  return outputFiles;
}

/** The files of an earlier build, which has other names for what changed, go. */
function write(options, files) {
  const folder = path.join(options.absWorkingDir, options.outdir, parts);
  mkdirSync(folder, { recursive: true });
  for (const { path: file, contents } of files) writeFileSync(file, contents);
  const names = new Set(files.map((file) => path.basename(file.path)));
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(path.join(folder, name));
}
