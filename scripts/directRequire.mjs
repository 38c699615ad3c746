// `import * as vscode from 'vscode'` becomes a plain `require`, as does a whole module of Node's. esbuild would copy all
// that such a module exports (some 700 names of VS Code's API) into an object of its own in each file that imports it,
// while the editor waits for the extension to load.
const whole = /^import (?:\* as )?([\w$]+) from "(vscode|node:[\w/]+)";$/gm;

/** @param {string} code as esbuild writes it */
export function directRequire(code) {
  return code.replace(whole, 'const $1 = require("$2");');
}
