// The Python that lints and tests the package: the environment that a cluster runs on, made from the lock by our own
// code, with pytest and ruff in a folder of their own layered over it. Kept in the test cache, keyed by the locks.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { developmentNode, root } from './node.mjs';

const locks = path.join(root, 'cluster/airflow/locks');

/** Outside the checkout, so that a fresh clone finds it: `MESOS_AIRFLOW_TEST_CACHE`, else ~/.cache/mesos-airflow-test. */
export function testCache() {
  return process.env.MESOS_AIRFLOW_TEST_CACHE ?? path.join(os.homedir(), '.cache/mesos-airflow-test');
}

/** The interpreter to run, and the folder of pytest and ruff that has to stand in its PYTHONPATH. */
export async function pythonTools() {
  const environment = run(developmentNode(), [path.join(root, 'test/support/airflowEnvironment.ts')], {
    MESOS_AIRFLOW_CACHE: path.join(testCache(), 'cache'),
  });
  const { python } = JSON.parse(environment);
  const lock = readFileSync(path.join(locks, 'dev.txt'));
  const key = createHash('sha256').update(lock).update(python).digest('hex').slice(0, 16);
  const tools = path.join(testCache(), `python-tools-${key}`);
  if (!existsSync(path.join(tools, 'ready'))) {
    const made = `${tools}.${process.pid}`;
    mkdirSync(made, { recursive: true });
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--root-user-action=ignore',
      '--no-deps',
      '--require-hashes',
    ];
    run(basePython(python), [...pip, '--target', made, '-r', path.join(locks, 'dev.txt')]);
    writeFileSync(path.join(made, 'ready'), '');
    rmSync(tools, { recursive: true, force: true });
    renameSync(made, tools);
  }
  return { python, env: { PYTHONPATH: [path.join(root, 'cluster/airflow'), tools].join(path.delimiter) } };
}

/** The environment has no pip of its own: the interpreter that it was made from has. */
function basePython(python) {
  return run(python, ['-c', 'import sys; print(sys._base_executable)']).trim();
}

function run(command, args, env = {}) {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status === 0) return stdout;
  console.error(`${command} ${args.join(' ')} ended with ${status}${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
