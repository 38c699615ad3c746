// Mocha's spec reporter, which also writes {passed, failed, skipped: [title, …], failures: [text, …]} to the file that
// MESOS_AIRFLOW_TEST_RESULT names, for scripts/test.mjs to add up.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class Results extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MESOS_AIRFLOW_TEST_RESULT;
    if (!file) return;
    const result = { passed: 0, failed: 0, skipped: [], failures: [] };
    runner.on('pass', () => (result.passed += 1));
    runner.on('fail', (test, error) => {
      result.failed += 1;
      result.failures.push(`${test.fullTitle()}\n${error?.stack ?? error}`);
    });
    runner.on('pending', (test) => result.skipped.push(test.fullTitle()));
    runner.once('end', () => writeFileSync(file, JSON.stringify(result)));
  }
};
