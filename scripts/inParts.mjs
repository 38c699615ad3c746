// A program in several files: one that is loaded first, others that are loaded as wholes later, and a file for each further
// `import('./…')` and for what only some of those share. esbuild splits ES modules only, and what is shared into many files;
// so what it split is bundled once more: as CommonJS, and with all that a file named here imports in that file, unless one
// named before it has it already. Each module is in one file only: a class is the same class for all of them.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { directRequire } from './directRequire.mjs';

/**
 * What esbuild is to build with.
 * @param {Record<string, string>} wholes the source of each, by its name below `options.outdir`, in the order of loading
 * @param {import('esbuild').BuildOptions} options those of a program in one file
 * @returns {import('esbuild').BuildOptions}
 */
export function inParts(wholes, options) {
  const names = Object.keys(wholes);
  return {
    ...options,
    entryPoints: Object.entries(wholes).map(([out, source]) => ({ in: source, out })),
    outExtension: {},
    chunkNames: `${names[0]}/[name]-[hash]`,
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
            if (!metafile || !outputFiles) return;
            write(
              path.resolve(options.absWorkingDir, options.outdir, names[0]),
              await bundleAgain(names, options, metafile, outputFiles),
            );
          }),
      },
    ],
  };
}

/** @returns {Promise<import('esbuild').OutputFile[]>} */
async function bundleAgain(names, options, metafile, split) {
  const { absWorkingDir: root } = options;
  const outdir = path.resolve(root, options.outdir);
  const texts = new Map(split.map((file) => [file.path, directRequire(file.text)]));
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [path.resolve(root, file), output]),
  );
  /** The file in which each ends up. */
  const homes = new Map();
  for (const name of names) {
    const whole = path.join(outdir, `${name}.js`);
    const imported = new Set([whole]);
    for (const file of imported) {
      if (homes.has(file)) continue;
      homes.set(file, whole);
      for (const { kind, path: other, external } of outputs.get(file).imports) {
        if (kind === 'import-statement' && !external) imported.add(path.resolve(root, other));
      }
    }
  }
  for (const file of texts.keys()) if (!homes.has(file)) homes.set(file, file);
  const files = [...homes.keys()];
  /** In its home a name may be another's too: there it is exported as `<name>_<number of its file>`. */
  const exported = (file, from, as) =>
    `export {${outputs.get(file).exports.map((name) => as(name, `${name}_${files.indexOf(file)}`))}} from '${from}';`;
  const relative = (from, to) =>
    path
      .relative(path.dirname(from), to)
      .replaceAll('\\', '/')
      .replace(/^(?!\.)/, './');
  const built = (from, to) => ({ path: relative(from, to).replace(/\.js$/, '.cjs'), external: true });

  const plugin = {
    name: 'bundleAgain',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.js$/ }, ({ path: name, importer, kind, namespace, pluginData }) => {
        if (kind === 'entry-point') {
          const isWhole = files.some((file) => file !== name && homes.get(file) === name);
          return { path: name, namespace: isWhole ? 'whole' : 'file' };
        }
        const file = path.resolve(path.dirname(importer), name);
        if (namespace === 'elsewhere') return built(pluginData.importer, homes.get(pluginData.file));
        if (kind !== 'import-statement') return built(homes.get(importer), file);
        const home = homes.get(file);
        if (home === homes.get(importer)) return { path: file, namespace: 'file' };
        if (home === file) return built(homes.get(importer), file);
        const from = homes.get(importer);
        return {
          path: file,
          namespace: 'elsewhere',
          suffix: `?${from}`,
          pluginData: { importer: from, file },
        };
      });
      onLoad({ filter: /./, namespace: 'file' }, ({ path: file }) => ({ contents: texts.get(file) }));
      // What others want of the whole: what it exports itself, and what they share with it.
      onLoad({ filter: /./, namespace: 'whole' }, ({ path: whole }) => ({
        contents: files
          .filter((file) => homes.get(file) === whole)
          .map((file) =>
            exported(file, relative(whole, file), (name, as) => (file === whole ? name : `${name} as ${as}`)),
          )
          .join('\n'),
      }));
      onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path: file, pluginData }) => ({
        contents: exported(file, relative(file, homes.get(file)), (name, as) => `${as} as ${name}`),
        pluginData,
      }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    entryPoints: [...new Set(homes.values())],
    outbase: outdir,
    plugins: [plugin],
    write: false,
  });
  return outputFiles;
}

/** What an earlier build left in `folder`, under other names, goes. */
function write(folder, files) {
  const written = new Set(files.map((file) => file.path));
  mkdirSync(folder, { recursive: true });
  for (const { path: file, contents } of files) writeFileSync(file, contents);
  for (const name of readdirSync(folder)) {
    if (!written.has(path.join(folder, name))) rmSync(path.join(folder, name));
  }
}
