import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { modern, rawRequest } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { OneByOne } from './support/oneByOne.ts';
import { lives, Parts, taskProcesses } from './support/parts.ts';

/** An account that every Debian has, beside root. */
const other = { name: 'daemon', uid: 1 };

describe('dev agent: tasks of other users', function () {
  let parts: Parts;
  let tasks: OneByOne;

  const begin = async (user: string, ...args: string[]): Promise<void> => {
    tasks = await OneByOne.begin(parts, args, { ...modern, user });
  };

  beforeEach(async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    parts = await Parts.make();
    // As other users find it.
    await fs.chmod(parts.folder, 0o711);
    await parts.startMaster(0, '--allocation-interval', '100ms');
  });

  afterEach(async () => {
    tasks.scheduler.disconnect();
    await parts.remove();
  });

  it('run as the framework’s user, in a sandbox of theirs that the agent can read', async () => {
    await begin(other.name);
    await tasks.launch('whose', {
      value: 'id -un; id -G; umask; echo kept > made; chmod 600 made; echo HOME=$HOME',
    });
    assert.equal((await tasks.end('whose')).message, 'Command exited with status 0');
    assert.equal(await tasks.read('whose', 'stdout'), `${other.name}\n1\n0022\nHOME=\n`);
    const sandbox = await tasks.sandboxOf('whose');
    const stats = await Promise.all(
      ['.', 'stdout', 'stderr', 'made'].map((file) => fs.stat(path.join(sandbox, file))),
    );
    assert.deepEqual(
      stats.map(({ uid, mode }) => [uid, mode & 0o777]),
      [
        [other.uid, 0o750],
        [other.uid, 0o644],
        [other.uid, 0o644],
        [other.uid, 0o600],
      ],
    );
    const file = encodeURIComponent(path.join(sandbox, 'made'));
    const { body } = await rawRequest(`${tasks.agentUrl}/files/read?offset=0&path=${file}`, 'GET');
    assert.equal(body, '{"data":"kept\\n","offset":0}');
  });

  it('run as the command’s own user where it names one, and as the agent’s where that is it', async () => {
    await begin('root');
    await tasks.launch('own', { value: 'id -un' });
    await tasks.launch('theirs', { value: 'id -un', user: other.name });
    await Promise.all([tasks.end('own'), tasks.end('theirs')]);
    assert.deepEqual(
      [await tasks.read('own', 'stdout'), await tasks.read('theirs', 'stdout')],
      ['root\n', `${other.name}\n`],
    );
  });

  it('can’t read what the agent keeps', async () => {
    await begin(other.name);
    await tasks.launch('nosy', {
      value: `ls "${tasks.workDir}/meta" && exit 5; ls "${tasks.workDir}" && exit 6; exit 0`,
    });
    assert.equal((await tasks.end('nosy')).message, 'Command exited with status 0');
  });

  it('are dropped where there is no such user, as a real agent does', async () => {
    await begin('nosuchuser');
    await tasks.launch('lost', { value: 'true' });
    const status = await tasks.end('lost');
    assert.deepEqual(
      [status.state, status.source, status.reason],
      ['TASK_DROPPED', 'SOURCE_AGENT', 'REASON_EXECUTOR_TERMINATED'],
    );
    assert.match(
      status.message ?? '',
      /^Failed to create executor directory '\/.*\/executors\/lost\/runs\/[0-9a-f-]{36}': Failed to chown directory to 'nosuchuser': No such user 'nosuchuser'$/,
    );
  });

  it('say as always when their program isn’t there', async () => {
    await begin(other.name);
    await tasks.launch('absent', { shell: false, value: '/no/such/program', arguments: ['x'] });
    assert.equal((await tasks.end('absent')).message, 'Command exited with status 1');
    const text = await tasks.read('absent', 'stderr');
    assert.equal(text, 'Failed to execute command: No such file or directory\n');
  });

  it('run as the agent where it is told not to switch', async () => {
    await begin(other.name, '--switch-user', 'false');
    await tasks.launch('same', { value: 'id -un' });
    await tasks.end('same');
    assert.equal(await tasks.read('same', 'stdout'), 'root\n');
  });

  it('end with all that they started, however far that went', async () => {
    await begin(other.name);
    const script = '(setsid sh -c "echo \\$\\$ > pid; exec sleep 3001" &); setsid sleep 3001 & sleep 3001';
    await tasks.launch('far', { shell: false, value: '/bin/bash', arguments: ['bash', '-c', script] });
    const pid = await until(async () => Number(await tasks.read('far', 'pid')));
    await tasks.kill('far');
    assert.equal((await tasks.end('far')).message, 'Command terminated with signal Terminated');
    assert.ok(!lives(pid));
    assert.deepEqual(taskProcesses(parts.folder), []);
  });
});
