import assert from 'node:assert/strict';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packaged } from './packaged.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

describe('the package', function () {
  this.timeout(240_000);

  it('has an extension that needs VS Code’s API and what is built into Node, and nothing else', () => {
    assert.ok(fs.statSync(packaged()).size > 0);
    const code = fs.readFileSync(path.join(root, 'dist', 'extension.cjs'), 'utf8');
    const required = new Set(
      [...code.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name ?? ''),
    );
    assert.ok(required.has('vscode') && required.has('node:fs'), [...required].join(', '));
    assert.deepEqual(
      [...required].filter((name) => !isBuiltin(name)),
      ['vscode'],
    );
  });
});
