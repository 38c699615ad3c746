// `npm test`: sets itself up, runs every suite that this machine can run, says what it skipped and how to enable it,
// and prints `N passed, N failed[, N skipped]` as its last line.
//   npm test -- unit editor     only these suites
//   npm test -- --no-skips      a skip is a failure (for CI, on a machine that has all)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { whyNoDocker } from './docker.mjs';
import { developmentNode, root, withNodeFirst } from './node.mjs';
import { pythonTools, testCache } from './python.mjs';
import { ensureReady } from './setup.mjs';

const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const noSkips = flags.includes('--no-skips');

await ensureReady();
const node = developmentNode();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'mesos-airflow-tests-'));

/** A suite that has not ended by then hangs: it is ended, and counts as failed. */
const suiteLimitMs = 25 * 60_000;

const mocha = (files, timeout, ...options) => ({
  command: node,
  args: [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    '--reporter',
    path.join(root, 'scripts/mocha-results.cjs'),
    '--timeout',
    String(timeout),
    ...options,
    files,
  ],
});

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Each: how to run it, or why this machine cannot and how it could. */
const suites = {
  lint: async () => ({ command: node, args: ['scripts/lint.mjs'] }),
  unit: async () => mocha('test/unit/**/*.test.ts', 60_000),
  python: async () => {
    const { python, env } = await pythonTools();
    return { command: python, args: ['scripts/pytest_results.py', 'cluster/airflow'], env };
  },
  integration: async () =>
    // --exit: a test that failed may have left a connection open, and must not keep the others' results from being told.
    mocha('test/integration/**/*.test.ts', 180_000, '--exit'),
  docker: async () => {
    const why = await whyNoDocker();
    if (why !== undefined) {
      return { skip: `${why}; apt-get install docker.io debootstrap, and start dockerd as root` };
    }
    if (!existsSync('/usr/sbin/debootstrap')) {
      return { skip: 'no debootstrap, which makes the base images; apt-get install debootstrap' };
    }
    return mocha('test/docker/**/*.test.ts', 300_000, '--exit');
  },
  editor: async () => {
    if (!process.env.VSCODE_EXECUTABLE && process.platform === 'linux' && !existsSync(chromium)) {
      return {
        skip: `no Chromium at ${chromium}; apt-get install chromium, or name one with CHROMIUM=, or a VS Code with VSCODE_EXECUTABLE=`,
      };
    }
    return { command: node, args: ['test/vscode/run.ts'] };
  },
  workbench: async () => {
    if (process.platform !== 'linux')
      return { skip: 'the workbench that npm carries is set up on Linux only' };
    if (!existsSync(chromium)) {
      return { skip: `no Chromium at ${chromium}; apt-get install chromium, or name one with CHROMIUM=` };
    }
    return mocha('test/ui/**/*.test.ts', 240_000, '--exit');
  },
};

for (const name of wanted) {
  if (!suites[name]) {
    console.error(`There is no suite ${name}; there are: ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
}

const total = { passed: 0, failed: 0, skipped: 0 };
const remarks = [];
/** Told again at the very end: what scrolled by, or was cut off above, is what one looks for. */
const failures = [];
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
    const suite = await suites[name]();
    console.log(`\n── ${name} ${'─'.repeat(70 - name.length)}`);
    if (suite.skip) {
      total.skipped += 1;
      remarks.push(`skipped: suite ${name}: ${suite.skip}`);
      continue;
    }
    add(name, run(name, suite));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function run(name, { command, args, env = {} }) {
  const result = path.join(scratch, `${name}.json`);
  const environment = { ...process.env };
  delete environment.PYTHONDONTWRITEBYTECODE;
  const started = Date.now();
  const { status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: suiteLimitMs,
    env: {
      ...withNodeFirst(node, environment),
      ...env,
      MESOS_AIRFLOW_TEST_RESULT: result,
      MESOS_AIRFLOW_CACHE: path.join(testCache(), 'cache'),
    },
  });
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!existsSync(result))
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      why: `ended with ${status ?? signal} before its results were written`,
    };
  const counted = JSON.parse(readFileSync(result, 'utf8'));
  // A suite that counts no failure and yet exits with one failed outside its tests; one that ran nothing tested nothing.
  if (counted.failed === 0 && status !== 0)
    return { ...counted, failed: 1, why: `ended with ${status ?? signal}` };
  if (counted.failed === 0 && counted.passed === 0) return { ...counted, failed: 1, why: 'ran no test' };
  return counted;
}

function add(name, { passed, failed, skipped, failures: texts = [], why }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped.length;
  if (why) remarks.push(`failed: suite ${name}: ${why}`);
  for (const text of texts) failures.push(`${name}: ${shortened(text)}`);
  for (const title of skipped) remarks.push(`skipped: ${name}: ${title}`);
}

function shortened(text) {
  const lines = text.split('\n');
  return lines.length > 25 ? [...lines.slice(0, 25), '…'].join('\n') : text;
}

console.log('');
for (const failure of failures) console.log(`✗ ${failure}\n`);
for (const remark of remarks) console.log(remark);
const bad = total.failed > 0 || (noSkips && total.skipped > 0);
if (noSkips && total.skipped > 0) {
  console.log(`${total.skipped} skipped, which --no-skips counts as failed`);
  total.failed += total.skipped;
  total.skipped = 0;
}
process.exitCode = bad ? 1 : 0;
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
