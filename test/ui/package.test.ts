import assert from 'node:assert/strict';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { packaged } from './packaged.ts';
import { extensionFiles, requiredBy, sourcesOf } from '../support/extensionFiles.ts';

describe('the package', function () {
  this.timeout(240_000);

  before(() => assert.ok(fs.statSync(packaged()).size > 0));

  it('has an extension that needs VS Code’s API and what is built into Node, and nothing else', () => {
    const files = extensionFiles();
    const required = new Set(files.flatMap(requiredBy));
    assert.ok(required.has('vscode') && required.has('node:fs'), [...required].join(', '));
    const others = [...required].filter((name) => !name.startsWith('.') && !isBuiltin(name));
    assert.deepEqual(others, ['vscode']);
    for (const file of files) {
      for (const name of requiredBy(file).filter((name) => name.startsWith('.'))) {
        assert.ok(files.includes(path.resolve(path.dirname(file), name)), `${file} requires ${name}`);
      }
    }
  });

  it('loads little before the editor has gone on, and what a person asks for only then', () => {
    const [first = '', window = ''] = ['extension.cjs', 'extension/window.cjs'].map((name) =>
      extensionFiles().find((file) => file.endsWith(`/dist/${name}`)),
    );
    const sizeOf = (file: string): number => fs.statSync(file).size;
    assert.ok(sizeOf(first) < 25_000, `what registers has ${sizeOf(first)} bytes`);
    assert.ok(sizeOf(first) + sizeOf(window) < 250_000, `with what follows it is ${sizeOf(window)} more`);
    const atOnce = sourcesOf(first).filter((name) => name.startsWith('src/'));
    assert.deepEqual(
      atOnce.filter((name) => !name.startsWith('src/extension/')),
      [],
      'nothing but the editor’s own side is needed to register',
    );
    const lazy =
      /^src\/(page|journal|logtext)\/|^src\/extension\/(commands\/(?!table|run|argument)|page\/(panel|html|updates)|tools\/(answers|tools|texts)|dagFiles\/(?!folder)|notifications\/notify|diagnostics\/|terminals\/)/;
    assert.deepEqual(
      [...atOnce, ...sourcesOf(window)].filter((name) => lazy.test(name)),
      [],
    );
  });

  it('has each module of the extension in one of its files only', () => {
    const places = new Map<string, string>();
    for (const file of extensionFiles()) {
      for (const source of sourcesOf(file)) {
        assert.equal(places.get(source), undefined, `${source} is in ${file} too`);
        places.set(source, file);
      }
    }
    assert.ok(places.has('src/extension/main.ts') && places.has('src/host/errors.ts'));
  });
});
