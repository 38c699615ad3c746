import assert from 'node:assert/strict';
import { build } from 'esbuild';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inParts } from '../../../scripts/inParts.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

const sources = {
  'main.ts': `
    import * as os from 'node:os';
    import { loaded } from './loaded.ts';
    import { Shared } from './shared.ts';
    loaded.push('main');
    export const first = { Shared, loaded, os, later: () => import('./later.ts'), small: () => import('./a/small.ts') };`,
  'later.ts': `
    import { loaded } from './loaded.ts';
    import { Both, made } from './both.ts';
    import { Shared } from './shared.ts';
    loaded.push('later');
    export const later = { Both, made, Shared, other: () => import('./b/small.ts') };`,
  // The same name twice, and a class that one beside it has too.
  'a/small.ts': `
    import { loaded } from '../loaded.ts';
    import { Both } from '../both.ts';
    import { Shared } from '../shared.ts';
    import { word } from '../few.ts';
    loaded.push('a');
    export const small = { both: new Both(), shared: new Shared(), word };`,
  'b/small.ts': `
    import { loaded } from '../loaded.ts';
    import { word } from '../few.ts';
    import { Shared as Other } from './shared.ts';
    loaded.push('b');
    export const small = { other: new Other(), word };`,
  'b/shared.ts': 'export class Shared {}',
  'loaded.ts': 'export const loaded: string[] = [];',
  'shared.ts': 'export class Shared {}',
  'both.ts': 'export class Both {} export const made = new Both();',
  'few.ts': 'export const word = { few: true };',
};

interface First {
  readonly Shared: new () => object;
  readonly loaded: readonly string[];
  readonly os: unknown;
  readonly later: () => Promise<{
    readonly later: {
      readonly Both: new () => object;
      readonly made: object;
      readonly Shared: unknown;
      readonly other: () => Promise<{ readonly small: { readonly other: object; readonly word: object } }>;
    };
  }>;
  readonly small: () => Promise<{
    readonly small: { readonly both: object; readonly shared: object; readonly word: object };
  }>;
}

describe('a program in parts', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder('in-parts');
    for (const [name, text] of Object.entries(sources)) {
      fs.mkdirSync(path.dirname(path.join(folder.path, name)), { recursive: true });
      fs.writeFileSync(path.join(folder.path, name), text);
    }
    fs.mkdirSync(path.join(folder.path, 'dist', 'main'), { recursive: true });
    fs.writeFileSync(path.join(folder.path, 'dist', 'main', 'former-ABC.cjs'), '');
    const options = {
      ...{ absWorkingDir: folder.path, outdir: 'dist', outExtension: { '.js': '.cjs' } },
      ...({ bundle: true, platform: 'node', format: 'cjs', sourcemap: true, minify: true } as const),
    };
    await build(inParts({ main: 'main.ts', 'main/later': 'later.ts' }, options));
  });
  after(() => folder.remove());

  it('loads each part once it is imported, and has each module once', async () => {
    const require = createRequire(path.join(folder.path, 'dist', 'x.cjs'));
    const { first } = require('./main.cjs') as { readonly first: First };
    assert.deepEqual(first.loaded, ['main']);
    assert.equal(first.os, require('node:os'));
    const { small } = await first.small();
    assert.ok(small.shared instanceof first.Shared);
    const { later } = await first.later();
    assert.ok(small.both instanceof later.Both && later.made instanceof later.Both);
    assert.equal(later.Shared, first.Shared);
    const { small: other } = await later.other();
    assert.equal(other.word, small.word);
    assert.ok(!(other.other instanceof first.Shared));
    // What the smaller part shares with the larger one is in that.
    assert.deepEqual([...first.loaded].sort(), ['a', 'b', 'later', 'main']);
    assert.equal((await first.later()).later, later);
  });

  it('has a file for each, and none of an earlier build', () => {
    const names = fs
      .readdirSync(path.join(folder.path, 'dist', 'main'))
      .map((name) => name.replace(/-[A-Z0-9]+/, ''));
    assert.deepEqual(names.filter((name) => name.endsWith('.cjs')).sort(), [
      'chunk.cjs',
      'later.cjs',
      'small.cjs',
      'small.cjs',
    ]);
  });

  it('knows by its source maps what each file was made of', () => {
    const sourcesOf = (name: string): readonly string[] => {
      const map = fs.readFileSync(path.join(folder.path, 'dist', `${name}.cjs.map`), 'utf8');
      return (JSON.parse(map) as { readonly sources: string[] }).sources;
    };
    for (const name of ['main', 'loaded', 'shared'])
      assert.ok(sourcesOf('main').includes(`../${name}.ts`), name);
    for (const name of ['later', 'both'])
      assert.ok(sourcesOf('main/later').includes(`../../${name}.ts`), name);
  });
});
