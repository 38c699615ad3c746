import { createVSIX } from '@vscode/vsce';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { extensionFiles, requiredBy } from '../support/extensionFiles.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { Editor } from '../ui/editor.ts';
import { packaged } from '../ui/packaged.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const windows = 9;
const measured = z.object({ load: z.number(), activate: z.number() });
type Measured = z.infer<typeof measured>;

/**
 * Milliseconds of our own code until the editor has activated us: loading the bundle, then `activate` until what it returns
 * has settled, as the extension host itself marks them (to a millisecond), with the package installed in the real
 * workbench. What follows the cluster is loaded after that, `then_bytes` of it. Nine windows after one that warms up; the
 * value is the median. The goals are 50 ms, a bundle below 250 kB, and that it needs nothing but VS Code's API and what is
 * built into Node.
 */
export async function run(): Promise<object> {
  const folder = await temporaryFolder('bench-activation');
  try {
    const stopwatch = path.join(folder.path, 'stopwatch.vsix');
    await createVSIX({
      cwd: path.join(root, 'test', 'ui', 'stopwatch'),
      packagePath: stopwatch,
      dependencies: false,
      allowMissingRepository: true,
      skipLicense: true,
    });
    const runs = await measure([packaged(), stopwatch], path.join(folder.path, 'times.jsonl'));
    const totals = runs.map(({ load, activate }) => load + activate);
    return {
      name: 'activation',
      value: median(totals),
      unit: 'ms',
      ratio: null,
      ratios: [],
      runs: totals,
      goal: 50,
      load_ms: median(runs.map(({ load }) => load)),
      activate_ms: median(runs.map(({ activate }) => activate)),
      ...bundle(),
    };
  } finally {
    await folder.remove();
  }
}

async function measure(vsix: readonly string[], file: string): Promise<Measured[]> {
  const editor = await Editor.start({ vsix, workspaceTrust: false, env: { STOPWATCH_FILE: file } });
  try {
    const workspace = editor.workspace('weather');
    const runs: Measured[] = [];
    for (let count = 1; count <= windows + 1; count += 1) {
      const page = await editor.open(workspace);
      const line = await until(() => linesOf(file)[count - 1], { what: 'the times', limitMs: 120_000 });
      await editor.close(page);
      runs.push(measured.parse(JSON.parse(line)));
    }
    return runs.slice(1);
  } finally {
    await editor.end();
  }
}

/** The whole lines of a file that is being written. */
function linesOf(file: string): string[] {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** What a window loads as it opens, and what the extension requires beside what is built into Node. */
function bundle(): object {
  const sizeOf = (name: string): number =>
    extensionFiles()
      .filter((file) => file.endsWith(`${path.sep}${name}`))
      .reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const required = new Set(extensionFiles().flatMap(requiredBy));
  return {
    bundle_bytes: sizeOf('extension.cjs'),
    then_bytes: sizeOf('window.cjs'),
    bundle_goal: 250_000,
    requires: [...required].filter((name) => !name.startsWith('.') && !isBuiltin(name)).sort(),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
