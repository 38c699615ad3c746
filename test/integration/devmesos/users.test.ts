import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { CommandInfo, TaskStatus } from '../../../src/mesos/types.ts';
import { modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { lives, Parts, taskProcesses } from './support/parts.ts';

/** An account that every Debian has, beside root. */
const other = { name: 'daemon', uid: 1 };

describe('dev agent: tasks of other users', function () {
  let parts: Parts;
  let scheduler: RawScheduler;
  let agent: { url: string; id: string; workDir: string };
  let count = 0;

  const begin = async (user: string, ...args: string[]): Promise<void> => {
    agent = await parts.startAgent('agent-1', ...args);
    scheduler = await RawScheduler.subscribe(parts.masterUrl, { ...modern, user });
    scheduler.acknowledgeAll();
    count = 0;
  };

  beforeEach(async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    parts = await Parts.make();
    // As other users find it.
    await fs.chmod(parts.folder, 0o711);
    await parts.startMaster(0, '--allocation-interval', '100ms');
  });

  afterEach(async () => {
    scheduler.disconnect();
    await parts.remove();
  });

  const launch = async (id: string, command: CommandInfo): Promise<void> => {
    const offers = await scheduler.offersOf(count + 1);
    count = offers.length;
    await scheduler.launch([offers.at(-1)!], [taskFor({ value: agent.id }, id, command)], 0);
  };
  const sandboxOf = async (id: string): Promise<string> =>
    fs.realpath(
      path.join(
        agent.workDir,
        ...[
          'slaves',
          agent.id,
          'frameworks',
          (await scheduler.id()).value,
          'executors',
          id,
          'runs',
          'latest',
        ],
      ),
    );
  const output = async (id: string): Promise<string> =>
    fs.readFile(path.join(await sandboxOf(id), 'stdout'), 'utf8');
  const end = (id: string): Promise<TaskStatus> =>
    until(() => scheduler.updates(id).find(({ state }) => /FINISHED|FAILED|KILLED|DROPPED/.test(state)));

  it('run as the framework’s user, in a sandbox of theirs that the agent can read', async () => {
    await begin(other.name);
    await launch('whose', {
      value: 'id -un; id -G; umask; echo kept > made; chmod 600 made; echo HOME=$HOME',
    });
    assert.equal((await end('whose')).message, 'Command exited with status 0');
    assert.equal(await output('whose'), `${other.name}\n1\n0022\nHOME=\n`);
    const sandbox = await sandboxOf('whose');
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
    const { body } = await rawRequest(`${agent.url}/files/read?offset=0&path=${file}`, 'GET');
    assert.equal(body, '{"data":"kept\\n","offset":0}');
  });

  it('run as the command’s own user where it names one, and as the agent’s where that is it', async () => {
    await begin('root');
    await launch('own', { value: 'id -un' });
    await launch('theirs', { value: 'id -un', user: other.name });
    await Promise.all([end('own'), end('theirs')]);
    assert.deepEqual([await output('own'), await output('theirs')], ['root\n', `${other.name}\n`]);
  });

  it('can’t read what the agent keeps', async () => {
    await begin(other.name);
    await launch('nosy', {
      value: `ls "${agent.workDir}/meta" && exit 5; ls "${agent.workDir}" && exit 6; exit 0`,
    });
    assert.equal((await end('nosy')).message, 'Command exited with status 0');
  });

  it('are dropped where there is no such user, as a real agent does', async () => {
    await begin('nosuchuser');
    await launch('lost', { value: 'true' });
    const status = await end('lost');
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
    await launch('absent', { shell: false, value: '/no/such/program', arguments: ['x'] });
    assert.equal((await end('absent')).message, 'Command exited with status 1');
    const text = await fs.readFile(path.join(await sandboxOf('absent'), 'stderr'), 'utf8');
    assert.equal(text, 'Failed to execute command: No such file or directory\n');
  });

  it('run as the agent where it is told not to switch', async () => {
    await begin(other.name, '--switch-user', 'false');
    await launch('same', { value: 'id -un' });
    await end('same');
    assert.equal(await output('same'), 'root\n');
  });

  it('end with all that they started, however far that went', async () => {
    await begin(other.name);
    const script = '(setsid sh -c "echo \\$\\$ > pid; exec sleep 3001" &); setsid sleep 3001 & sleep 3001';
    await launch('far', { shell: false, value: '/bin/bash', arguments: ['bash', '-c', script] });
    const pid = await until(async () =>
      Number(await fs.readFile(path.join(await sandboxOf('far'), 'pid'), 'utf8')),
    );
    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'far' } } });
    assert.equal((await end('far')).message, 'Command terminated with signal Terminated');
    assert.ok(!lives(pid));
    assert.deepEqual(taskProcesses(parts.folder), []);
  });
});
