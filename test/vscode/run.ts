// Runs the tests in VS Code's real extension host: `node test/vscode/run.ts` (Node 24), after `npm run build`.
//   VSCODE_EXECUTABLE=/path/to/code      that VS Code; without it the server that npm carries, in a headless Chromium
//                                        (Linux; $CHROMIUM or /usr/bin/chromium), else a download of VS Code
//   MESOS_AIRFLOW_TEST_RESULT=FILE       {passed, failed, skipped: [title, …]} is written to it
//   MESOS_AIRFLOW_TEST_GREP=WORDS        only tests whose full title has them
//   MESOS_AIRFLOW_TEST_VERBOSE=1         all that the editor says
// Exit status: 0 only where tests ran to their end and all passed.
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { build } from 'esbuild';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endClusters } from './support/endClusters.ts';
import { TailedFile } from './support/tailedFile.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const out = path.join(root, 'out', 'vscode');

interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly failures?: readonly string[];
}

for (const bundle of ['extension.cjs', 'cli.cjs', 'service.cjs', 'devmesos.cjs']) {
  if (!fs.existsSync(path.join(root, 'dist', bundle))) {
    process.stderr.write(`dist/${bundle} is missing: npm run build\n`);
    process.exit(2);
  }
}
await bundleSuite();
// Short: Unix sockets live below it.
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ma-ext-'));
const resultFile = path.join(scratch, 'result.json');
const report = new TailedFile(path.join(scratch, 'report.txt'), (text) => process.stdout.write(text));
const home = path.join(scratch, 'home');
// test-electron ends the editor on SIGINT: the same for what else ends us, and we stay to clean up.
process.on('SIGINT', () => undefined);
for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, () => process.emit('SIGINT'));
try {
  const ended = await run();
  report.end();
  const result = readResult(ended);
  const copy = process.env.MESOS_AIRFLOW_TEST_RESULT;
  if (copy) fs.writeFileSync(copy, JSON.stringify(result));
  process.exitCode = result.failed === 0 && result.passed > 0 ? 0 : 1;
} finally {
  report.end();
  await endClusters(home);
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** Returns why the editor's run did not end well, or undefined. */
async function run(): Promise<string | undefined> {
  const workspace = path.join(scratch, 'workspace');
  fs.cpSync(path.join(root, 'test', 'vscode', 'workspace'), workspace, { recursive: true });
  fs.mkdirSync(home);
  // What takes minutes to make (the Python environment) is kept between runs.
  const { MESOS_AIRFLOW_CACHE: cache, MESOS_AIRFLOW_TEST_GREP: grep } = process.env;
  const executable = executablePath();
  try {
    await runTests({
      ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
      // With those that stand in for the Python extension and its debugger.
      extensionDevelopmentPath: [root, ...['python', 'debugger'].map(beside)],
      extensionTestsPath: path.join(out, 'index.cjs'),
      launchArgs: [workspace, '--disable-extensions'],
      extensionTestsEnv: {
        // This Node first: the launcher is started by its first line.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
        MESOS_AIRFLOW_HOME: home,
        MESOS_AIRFLOW_TEST_RESULT: resultFile,
        MESOS_AIRFLOW_TEST_REPORT: report.file,
        ...(grep ? { MESOS_AIRFLOW_TEST_GREP: grep } : {}),
        ...(cache ? { MESOS_AIRFLOW_CACHE: cache } : {}),
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof TestRunFailedError) return error.message;
    throw error;
  }
}

function beside(name: string): string {
  return path.join(root, 'test', 'vscode', name);
}

function executablePath(): string | undefined {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (process.platform !== 'linux' || !fs.existsSync(chromium)) return undefined;
  return path.join(root, 'test', 'vscode', 'offline', 'launcher.ts');
}

/** What the tests wrote at their very end: a host that died before has written nothing, whatever its exit status. */
function readResult(trouble: string | undefined): Result {
  if (!fs.existsSync(resultFile)) {
    process.stderr.write(`The tests did not come to their end${trouble ? `: ${trouble}` : ''}\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
  const result = JSON.parse(fs.readFileSync(resultFile, 'utf8')) as Result;
  if (trouble === undefined || result.failed > 0) return result;
  process.stderr.write(`The editor ended badly: ${trouble}\n`);
  return { ...result, failed: 1 };
}

async function bundleSuite(): Promise<void> {
  const suite = path.join(root, 'test', 'vscode', 'suite');
  fs.rmSync(out, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: fs.readdirSync(suite).map((name) => path.join(suite, name)),
    outdir: out,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
