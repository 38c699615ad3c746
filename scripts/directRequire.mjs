// An esbuild plugin for the extension's bundle: `import * as vscode from 'vscode'` becomes a plain `require`, as does a
// whole module of Node's. esbuild would copy all that such a module exports (some 700 names of VS Code's API) into an
// object of its own in each file that imports it, while the editor waits for the bundle to load.
import { readFile } from 'node:fs/promises';

const whole = /^import (?:\* as )?(\w+) from '(vscode|node:[\w/]+)';$/gm;

/** @type {import('esbuild').Plugin} */
export const directRequire = {
  name: 'directRequire',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(whole, "const $1 = require('$2');"), loader: 'ts' };
    });
  },
};
