import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { CommandInfo, TaskStatus } from '../../../src/mesos/types.ts';
import type { RawScheduler } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { OneByOne } from './support/oneByOne.ts';
import { lives, Parts, taskProcesses } from './support/parts.ts';

describe('dev agent: command tasks', function () {
  let parts: Parts;
  let tasks: OneByOne;
  let scheduler: RawScheduler;

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
    tasks = await OneByOne.begin(parts);
    ({ scheduler } = tasks);
  });

  after(async () => {
    scheduler.disconnect();
    await parts.remove();
  });

  it('go through TASK_STARTING and TASK_RUNNING to their end, and look like those of a real agent', async () => {
    await tasks.launch('works', { value: 'echo out; echo err >&2' });
    await tasks.end('works');
    const states = scheduler.updates('works');
    assert.deepEqual(
      states.map(({ state }) => state),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'],
    );
    for (const status of states) {
      assert.equal(status.source, 'SOURCE_EXECUTOR');
      assert.equal(status.reason, undefined);
      assert.equal(status.executor_id?.value, 'works');
      assert.equal(Buffer.from(status.uuid ?? '', 'base64').length, 16);
      assert.deepEqual(status.container_status?.network_infos, [
        { ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] },
      ]);
      assert.ok(Number(status.container_status.executor_pid) > 0);
    }
    assert.deepEqual(
      states.map(({ message }) => message),
      [undefined, undefined, 'Command exited with status 0'],
    );
    assert.equal(await tasks.read('works', 'stdout'), 'out\n');
    assert.equal(await tasks.read('works', 'stderr'), 'err\n');
  });

  it('have a real agent’s environment, and nothing of ours but PATH', async () => {
    const variables = [
      { name: 'GREETING', value: 'grüß "dich" $HOME' },
      { name: 'MESOS_CHECKPOINT', value: 'overridden' },
    ];
    const command = { shell: false, value: '/usr/bin/env', arguments: ['env'], environment: { variables } };
    await tasks.launch('environment', command);
    await tasks.end('environment');
    const sandbox = await tasks.sandboxOf('environment');
    const found = Object.fromEntries(
      (await tasks.read('environment', 'stdout'))
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    const endpoint = found.MESOS_AGENT_ENDPOINT ?? '';
    assert.match(endpoint, /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(found, {
      LIBPROCESS_IP: '127.0.0.1',
      LIBPROCESS_PORT: '0',
      MESOS_AGENT_ENDPOINT: endpoint,
      MESOS_ALLOCATION_ROLE: '*',
      MESOS_CHECKPOINT: 'overridden',
      MESOS_DIRECTORY: sandbox,
      MESOS_EXECUTOR_ID: 'environment',
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
      MESOS_FRAMEWORK_ID: (await scheduler.id()).value,
      MESOS_HTTP_COMMAND_EXECUTOR: '0',
      MESOS_RECOVERY_TIMEOUT: '15mins',
      MESOS_SANDBOX: sandbox,
      MESOS_SLAVE_ID: tasks.agentId.value,
      MESOS_SLAVE_PID: `slave(1)@${endpoint}`,
      MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
      PATH: process.env.PATH,
      PWD: sandbox,
      GREETING: 'grüß "dich" $HOME',
    });
  });

  it('run in their sandbox with umask 022, no input and no other files open', async () => {
    await tasks.launch('place', {
      value: 'pwd; umask; cat; ls -l /proc/self/fd >fds; mkdir made; touch file',
    });
    await tasks.end('place');
    const sandbox = await tasks.sandboxOf('place');
    assert.equal(await tasks.read('place', 'stdout'), `${sandbox}\n0022\n`);
    // What this test was started with is inherited by all, and the listing itself opens a folder.
    const inherited = await Promise.all(
      (await fs.readdir('/proc/self/fd')).map((fd) => fs.readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    const open = [...(await tasks.read('place', 'fds')).matchAll(/-> (.*)$/gm)]
      .map((match) => match[1] ?? '')
      .filter((target) => !target.startsWith('/proc/'))
      .filter((target) => target === '/dev/null' || !inherited.includes(target));
    assert.deepEqual(new Set(open), new Set(['/dev/null', `${sandbox}/fds`, `${sandbox}/stderr`]));
    assert.equal((await fs.stat(sandbox)).mode & 0o777, 0o750);
    assert.equal((await fs.stat(path.join(sandbox, 'file'))).mode & 0o777, 0o644);
  });

  const exits: [what: string, command: CommandInfo, state: string, message: string][] = [
    ['exit 3', { value: 'exit 3' }, 'TASK_FAILED', 'Command exited with status 3'],
    ['SIGKILL', { value: 'kill -9 $$' }, 'TASK_FAILED', 'Command terminated with signal Killed'],
    [
      'SIGSEGV',
      { value: 'kill -SEGV $$' },
      'TASK_FAILED',
      'Command terminated with signal Segmentation fault',
    ],
    [
      'an unknown command in a shell',
      { value: 'nosuchprogram' },
      'TASK_FAILED',
      'Command exited with status 127',
    ],
    [
      'an unknown program without a shell',
      { shell: false, value: '/no/such/program', arguments: ['program'] },
      'TASK_FAILED',
      'Command exited with status 1',
    ],
    [
      'arguments without a shell',
      { shell: false, value: 'printf', arguments: ['any name', '%s|', 'a b', '$HOME', '*'] },
      'TASK_FINISHED',
      'Command exited with status 0',
    ],
  ];
  for (const [index, [what, command, state, message]] of exits.entries()) {
    it(`end as a real agent says: ${what}`, async () => {
      await tasks.launch(`exit-${index}`, command);
      const status = await tasks.end(`exit-${index}`);
      assert.deepEqual([status.state, status.message], [state, message]);
      const states = scheduler.updates(`exit-${index}`).map((update) => update.state);
      assert.deepEqual(states.slice(0, 2), ['TASK_STARTING', 'TASK_RUNNING']);
      if (what.startsWith('arguments'))
        assert.equal(await tasks.read(`exit-${index}`, 'stdout'), 'a b|$HOME|*|');
      if (what.endsWith('without a shell') && state === 'TASK_FAILED') {
        assert.equal(
          await tasks.read(`exit-${index}`, 'stderr'),
          'Failed to execute command: No such file or directory\n',
        );
      }
    });
  }

  it('take non-ASCII names, text and ids unharmed', async () => {
    await tasks.launch('tâche-日本', { value: 'echo "Größe: ✓ 日本語" | tee "Ergebnis größe.txt"' });
    assert.equal((await tasks.end('tâche-日本')).state, 'TASK_FINISHED');
    assert.equal(await tasks.read('tâche-日本', 'Ergebnis größe.txt'), 'Größe: ✓ 日本語\n');
    assert.equal(await tasks.read('tâche-日本', 'stdout'), 'Größe: ✓ 日本語\n');
  });

  it('fail with a reason where they ask for what is not there yet', async () => {
    await tasks.launch('image', { value: 'true' }, { container: { type: 'DOCKER', docker: { image: 'x' } } });
    const image = await tasks.end('image');
    assert.deepEqual([image.state, image.source], ['TASK_FAILED', 'SOURCE_AGENT']);
  });

  it('take all that they left behind with them when they end', async () => {
    await tasks.launch('leaver', {
      value: 'sleep 1001 & setsid sleep 1001 & (setsid setsid sleep 1001 &) ; exit 0',
    });
    assert.equal((await tasks.end('leaver')).state, 'TASK_FINISHED');
    assert.deepEqual(taskProcesses(tasks.workDir), []);
  });

  describe('that are killed', () => {
    const kill = (id: string, seconds?: number): Promise<unknown> =>
      scheduler.call({
        type: 'KILL',
        kill: {
          task_id: { value: id },
          ...(seconds === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: seconds * 1e9 } } }),
        },
      });
    const running = (id: string): Promise<TaskStatus> => scheduler.update(id, 'TASK_RUNNING');

    it('end by SIGTERM, with TASK_KILLING before', async () => {
      await tasks.launch('killed', { value: 'sleep 1002' });
      await running('killed');
      await kill('killed');
      const status = await tasks.end('killed');
      assert.deepEqual(
        [status.state, status.message],
        ['TASK_KILLED', 'Command terminated with signal Terminated'],
      );
      assert.equal(scheduler.updates('killed')[2]?.state, 'TASK_KILLING');
      assert.deepEqual(taskProcesses(tasks.workDir), []);
    });

    it('count as killed whatever their exit status', async () => {
      await tasks.launch('polite', { value: 'trap "exit 0" TERM; echo up; while :; do sleep 0.05; done' });
      await until(async () => (await tasks.read('polite', 'stdout')) === 'up\n');
      await kill('polite');
      const status = await tasks.end('polite');
      assert.deepEqual([status.state, status.message], ['TASK_KILLED', 'Command exited with status 0']);
    });

    it('end by SIGKILL when their grace is over', async () => {
      await tasks.launch('stubborn', { value: 'trap "" TERM; echo up; while :; do sleep 0.05; done' });
      await until(async () => (await tasks.read('stubborn', 'stdout')) === 'up\n');
      const begin = Date.now();
      await kill('stubborn', 0.4);
      await kill('stubborn');
      const status = await tasks.end('stubborn');
      assert.deepEqual(
        [status.state, status.message],
        ['TASK_KILLED', 'Command terminated with signal Killed'],
      );
      assert.ok(Date.now() - begin >= 400);
      assert.ok(Date.now() - begin < 2500, 'a second kill does not lengthen the grace');
    });

    it('end sooner when a second kill shortens the grace of the task itself', async () => {
      const kill_policy = { grace_period: { nanoseconds: 3_600_000_000_000 } };
      await tasks.launch(
        'patient',
        { value: 'trap "" TERM; echo up; while :; do sleep 0.05; done' },
        { kill_policy },
      );
      await until(async () => (await tasks.read('patient', 'stdout')) === 'up\n');
      await kill('patient');
      await scheduler.update('patient', 'TASK_KILLING');
      await kill('patient', 0.2);
      assert.equal((await tasks.end('patient')).state, 'TASK_KILLED');
    });

    // Airflow's supervisor puts the task's process into a group of its own; others go further.
    const escapes: [what: string, script: string][] = [
      ['another process group', 'set -m; sleep 1003 & echo $! > pid; set +m; wait'],
      ['another session', 'setsid sh -c "echo \\$\\$ > pid; exec sleep 1003" & wait'],
      ['an empty environment', 'env -i setsid sh -c "echo \\$\\$ > pid; exec sleep 1003" & wait'],
      ['no parent', '(setsid sh -c "echo \\$\\$ > pid; exec sleep 1003" &); sleep 1003'],
    ];
    for (const [index, [what, script]] of escapes.entries()) {
      it(`take a process along that went to ${what}`, async () => {
        const id = `escape-${index}`;
        await tasks.launch(id, { shell: false, value: '/bin/bash', arguments: ['bash', '-c', script] });
        const pid = await until(async () => Number(await tasks.read(id, 'pid')));
        assert.ok(lives(pid));
        await kill(id);
        assert.equal((await tasks.end(id)).state, 'TASK_KILLED');
        assert.ok(!lives(pid));
      });
    }

    it('give the time that is left to what outlives the first process', async () => {
      const script =
        'setsid sh -c \'trap "sleep 0.3; echo saved > saved; exit" TERM; echo up > up; while :; do sleep 0.02; done\' & wait';
      await tasks.launch('saver', { value: script });
      await until(async () => (await tasks.read('saver', 'up')) === 'up\n');
      await kill('saver');
      await tasks.end('saver');
      assert.equal(await tasks.read('saver', 'saved'), 'saved\n');
    });

    it('end that are stopped', async () => {
      await tasks.launch('stopped', { value: 'echo up; kill -STOP $$; sleep 1004' });
      await until(async () => (await tasks.read('stopped', 'stdout')) === 'up\n');
      await kill('stopped');
      assert.equal((await tasks.end('stopped')).message, 'Command terminated with signal Terminated');
    });

    it('are found by SHUTDOWN of their executor too', async () => {
      await tasks.launch('shut', { value: 'sleep 1005' });
      await running('shut');
      await scheduler.call({
        type: 'SHUTDOWN',
        shutdown: { executor_id: { value: 'shut' }, agent_id: tasks.agentId },
      });
      assert.equal((await tasks.end('shut')).state, 'TASK_KILLED');
    });
  });
});
