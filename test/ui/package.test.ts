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
