// The entry in the extension host: runs all test files beside it with mocha, prints to the file that
// MESOS_AIRFLOW_TEST_REPORT names, and at the very end writes the counts to MESOS_AIRFLOW_TEST_RESULT.
import Mocha from 'mocha';
import fs from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';

export async function run(): Promise<void> {
  const { MESOS_AIRFLOW_TEST_REPORT: report, MESOS_AIRFLOW_TEST_RESULT: result } = process.env;
  const { MESOS_AIRFLOW_TEST_GREP: grep } = process.env;
  if (!report || !result) throw new Error('run by test/vscode/run.ts');
  // The reporters' own way out: the editor's console is full of the editor.
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => fs.appendFileSync(report, `${format(...args)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 60_000,
    forbidOnly: true,
    ...(grep ? { grep } : {}),
  });
  const files = fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  for (const name of files.sort()) mocha.addFile(path.join(__dirname, name));
  const counts = { passed: 0, failed: 0, skipped: [] as string[], failures: [] as string[] };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => (counts.passed += 1));
    runner.on('fail', (test, error: unknown) => {
      counts.failed += 1;
      counts.failures.push(`${test.fullTitle()}\n${error instanceof Error ? error.stack : String(error)}`);
    });
    runner.on('pending', (test) => counts.skipped.push(test.fullTitle()));
  });
  fs.writeFileSync(result, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
}
