import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FrameworkInfo, TaskStatus } from '../../../src/mesos/types.ts';
import { json, rawRequest } from '../../support/rawScheduler.ts';
import { messageOf } from '../../../src/host/errors.ts';
import { Parts } from './support/parts.ts';
import { pymesos, type Pymesos } from './support/pymesos.ts';

const run = promisify(execFile);

// Others' clients, unchanged.
describe('dev Mesos: clients that are not ours', () => {
  let parts: Parts;
  let port: number;

  before(async () => {
    parts = await Parts.make();
    ({ port } = await parts.startMaster());
    await parts.startAgent('agent-1');
  });

  after(() => parts.remove());

  it('the npm package mesos-framework runs a task', async () => {
    const script = path.join(import.meta.dirname, 'support', 'mesosFramework.mjs');
    const { stdout } = await run(
      process.execPath,
      ['--no-deprecation', script, String(port), 'echo $PORT0 > port'],
      {
        cwd: parts.folder,
      },
    );
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { update?: TaskStatus; error?: string });
    assert.deepEqual(
      lines.flatMap(({ error }) => error ?? []),
      [],
    );
    assert.deepEqual(
      lines.flatMap(({ update }) => update?.state ?? []),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'],
    );
    const answer = await rawRequest(`${parts.masterUrl}/api/v1`, 'POST', json, '{"type":"GET_FRAMEWORKS"}');
    const { get_frameworks: frameworks } = JSON.parse(answer.body) as {
      get_frameworks: { completed_frameworks: { framework_info: FrameworkInfo }[] };
    };
    assert.equal(frameworks.completed_frameworks[0]?.framework_info.name, 'interop');
  });

  it('the Python package pymesos runs a command, and an executor of its own', async function () {
    // The first time Airflow's environment is made, whose Python it takes, and the package is downloaded.
    this.timeout(600_000);
    let found: Pymesos;
    try {
      found = await pymesos();
    } catch (error) {
      if (this.test) this.test.title += `: can't be had: ${messageOf(error)}`;
      this.skip();
    }
    const script = path.join(import.meta.dirname, 'support', 'pymesos_framework.py');
    const { stdout } = await run(found.python, [script, `127.0.0.1:${port}`, 'true'], {
      cwd: parts.folder,
      env: { ...process.env, PYTHONPATH: found.packages, PYTHONDONTWRITEBYTECODE: '1' },
      timeout: 120_000,
    });
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { task?: string; state?: string; message?: string });
    const statesOf = (name: string): unknown[] =>
      told.flatMap(({ task, state }) => (task === name ? [state] : []));
    assert.deepEqual(statesOf('command'), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    for (const name of ['one', 'two', 'three'])
      assert.deepEqual(statesOf(name), ['TASK_RUNNING', 'TASK_FINISHED'], name);
    assert.deepEqual(told.flatMap(({ message }) => message ?? []).sort(), [
      'hello one',
      'hello three',
      'hello two',
    ]);
  });
});
