import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { endProcess, identify, isAlive, startDetached } from '../../../src/host/processes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

describe('detached processes', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder('processes')));
  after(() => folder.remove());

  const start = (script: string, logFile = 'log') =>
    startDetached(process.execPath, ['-e', script], {
      env: process.env,
      cwd: folder.path,
      logFile: path.join(folder.path, logFile),
    });

  it('are told apart from a later process of the same pid', async () => {
    const self = await identify(process.pid);
    assert.ok(self);
    assert.equal(await isAlive(self), true);
    assert.equal(await isAlive({ ...self, started: 'another time' }), false);
  });

  it('write to their log, and end with all of their group', async () => {
    const child = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log(c.pid); setInterval(() => {}, 1000);`;
    const identity = await start(child);
    const grandchild = await until(
      async () => Number((await readFile(path.join(folder.path, 'log'), 'utf8')).trim()),
      {
        what: "the grandchild's pid",
      },
    );
    await endProcess(identity, 5000);
    assert.equal(await isAlive(identity), false);
    await until(async () => (await identify(grandchild)) === undefined, {
      what: 'the end of the grandchild',
    });
  });

  it('are killed where they ignore SIGTERM', async () => {
    const identity = await start(
      `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`,
      'deaf',
    );
    await until(async () => (await readFile(path.join(folder.path, 'deaf'), 'utf8')).includes('deaf'));
    await endProcess(identity, 100);
    assert.equal(await isAlive(identity), false);
  });

  it('leave alone a process that merely has the pid', async () => {
    await endProcess({ pid: process.pid, started: 'another time' }, 0);
    assert.equal(await isAlive((await identify(process.pid))!), true);
  });

  it('reject where the program is not there', async () => {
    const attempt = startDetached('/no/such/program', [], {
      env: process.env,
      cwd: folder.path,
      logFile: path.join(folder.path, 'none'),
    });
    await assert.rejects(attempt, { code: 'ENOENT' });
  });
});
