// Brings a fresh clone to where it can run: packages installed, bundles built; each only where it is missing or older
// than what it is made from. Needs nothing but Node 20.11 and its npm.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';

const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const oldestNode = [20, 11];

/** Installs and builds what is missing or stale. Ends the process with a plain message where that does not work. */
export async function ensureReady() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(
      `Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`,
      'Install Node 24 from https://nodejs.org, then run this again.',
    );
  }
  if (packagesAreStale()) {
    // The dependencies' install scripts are not needed, and not run.
    step('Install packages (npm ci)', ...npm('ci', '--no-audit', '--no-fund', '--ignore-scripts'));
  }
  if (bundlesAreStale()) step('Build', process.execPath, ['scripts/build.mjs']);
}

function packagesAreStale() {
  const installed = timeOf('node_modules/.package-lock.json');
  return installed === undefined || installed < (timeOf('package-lock.json') ?? 0);
}

function bundlesAreStale() {
  const built = ['cli', 'service', 'devmesos', 'extension'].map((name) => timeOf(`dist/${name}.cjs`));
  if (built.includes(undefined)) return true;
  const sources = ['package.json', 'package-lock.json', 'scripts/build.mjs', ...filesBelow('src')];
  return Math.min(...built) < Math.max(...sources.map((file) => timeOf(file) ?? 0));
}

function filesBelow(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(name) : [name];
  });
}

function timeOf(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs;
}

/** npm as it was started, or the one that stands beside this Node, or the one on the PATH. */
function npm(...args) {
  const beside = path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const script = [process.env.npm_execpath, beside].find((file) => file?.endsWith('.js') && existsSync(file));
  if (script) return [process.execPath, [script, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

/** Runs one program; its output is shown only where it fails. */
function step(name, command, args) {
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: command.endsWith('.cmd'),
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    console.error(`✓ ${name.padEnd(70)}  ${seconds} s`);
    return;
  }
  const output = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`
    .trim()
    .split('\n')
    .slice(-20)
    .join('\n');
  fail(
    `${name} failed:\n${output}`,
    `Run it by itself to see more: ${[path.basename(command), ...args].join(' ')}`,
  );
}

function fail(what, next) {
  console.error(`✗ ${what}\n  ${next}`);
  process.exit(1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await ensureReady();
