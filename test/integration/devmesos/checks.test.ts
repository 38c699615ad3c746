import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { HealthCheck, TaskStatus } from '../../../src/mesos/types.ts';
import type { RawScheduler } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { OneByOne } from './support/oneByOne.ts';
import { Parts, processesWith } from './support/parts.ts';

const health = 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';
const changed = 'REASON_TASK_CHECK_STATUS_UPDATED';
/** As fast as can be. */
const often = { delay_seconds: 0, interval_seconds: 0.05, timeout_seconds: 20 };

describe('dev agent: checks of tasks', function () {
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

  const told = (id: string, reason: string): Promise<TaskStatus[]> =>
    until(
      () => {
        const all = scheduler.updates(id).filter((status) => status.reason === reason);
        return all.length > 0 && all;
      },
      { what: `${reason} of ${id}` },
    );
  const unhealthy = (id: string): Promise<TaskStatus> =>
    until(() => scheduler.updates(id).find(({ healthy }) => healthy === false), { what: `${id} unhealthy` });

  it('tell that a task is well once, as a real executor does', async () => {
    const health_check: HealthCheck = { type: 'COMMAND', command: { value: 'echo x >>asked' }, ...often };
    await tasks.launch('well', { value: 'sleep 3001' }, { health_check });
    const [status] = await told('well', health);
    assert.deepEqual(Object.keys(status ?? {}).sort(), [
      ...['agent_id', 'container_status', 'executor_id', 'healthy', 'reason', 'source', 'state', 'task_id'],
      ...['timestamp', 'uuid'],
    ]);
    assert.deepEqual(
      [status?.state, status?.source, status?.healthy, status?.executor_id?.value],
      ['TASK_RUNNING', 'SOURCE_EXECUTOR', true, 'well'],
    );
    const asked = path.join(await tasks.sandboxOf('well'), 'asked');
    await until(async () => (await fs.readFile(asked, 'utf8')).length > 8, { what: 'more checks' });
    assert.equal((await told('well', health)).length, 1);
    await tasks.kill('well');
    await scheduler.update('well', 'TASK_KILLED');
    assert.deepEqual(
      scheduler.updates('well').map(({ state }) => state),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED'],
    );
    assert.equal(scheduler.updates('well').at(-1)?.healthy, undefined);
  });

  it('kill a task that is not well, and say so', async () => {
    const health_check: HealthCheck = {
      ...often,
      type: 'COMMAND',
      command: { value: 'echo checked; exit 1' },
      consecutive_failures: 2,
      grace_period_seconds: 0,
    };
    await tasks.launch('ill', { value: 'sleep 3002' }, { health_check });
    const end = await scheduler.update('ill', 'TASK_KILLED');
    assert.deepEqual(
      [end.healthy, end.message, end.source, end.reason],
      [false, 'Command terminated with signal Terminated', 'SOURCE_EXECUTOR', undefined],
    );
    assert.deepEqual(
      scheduler.updates('ill').map(({ state, healthy }) => `${state} ${String(healthy)}`),
      [
        'TASK_STARTING undefined',
        'TASK_RUNNING undefined',
        'TASK_RUNNING false',
        'TASK_RUNNING false',
        'TASK_KILLING undefined',
        'TASK_KILLED false',
      ],
    );
    assert.equal(await tasks.read('ill', 'stderr'), 'checked\nchecked\n');
  });

  it('give a check that takes too long up, with all that it started', async () => {
    const health_check: HealthCheck = {
      ...often,
      type: 'COMMAND',
      command: { value: 'sleep 3099 & sleep 3099' },
      timeout_seconds: 0.2,
      consecutive_failures: 100,
      interval_seconds: 1000,
      grace_period_seconds: 0,
    };
    await tasks.launch('slow', { value: 'exec sleep 3003' }, { health_check });
    await unhealthy('slow');
    await until(() => processesWith('sleep\u00003099').length === 0, {
      what: "the end of the check's processes",
    });
    await tasks.kill('slow');
    await scheduler.update('slow', 'TASK_KILLED');
  });

  it('ask a web server: by its status, and through redirections', async () => {
    let status = 200;
    const server = http.createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { Location: '/health' }).end();
      else response.writeHead(request.url === '/health' ? status : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      await tasks.launch(
        'web',
        { value: 'sleep 3004' },
        {
          health_check: {
            ...often,
            type: 'HTTP',
            http: { port, path: '/moved' },
            consecutive_failures: 1_000_000,
            grace_period_seconds: 0,
          },
          check: { ...often, type: 'HTTP', http: { port, path: '/health' } },
        },
      );
      const [well] = await told('web', health);
      assert.equal(well?.healthy, true);
      const [answered] = await told('web', changed);
      assert.deepEqual(answered?.check_status, { type: 'HTTP', http: { status_code: 200 } });
      const [starting, running] = scheduler.updates('web');
      assert.deepEqual(
        [starting?.check_status, running?.check_status],
        Array(2).fill({ type: 'HTTP', http: {} }),
      );
      status = 503;
      await unhealthy('web');
      await until(() =>
        scheduler.updates('web').some(({ check_status }) => check_status?.http?.status_code === 503),
      );
      await tasks.kill('web');
      const end = await scheduler.update('web', 'TASK_KILLED');
      assert.deepEqual(end.check_status, { type: 'HTTP', http: {} });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('ask a port, and a command for its exit status', async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await tasks.launch(
      'port',
      { value: 'sleep 3005' },
      {
        health_check: {
          ...often,
          type: 'TCP',
          tcp: { port },
          consecutive_failures: 1,
          grace_period_seconds: 0,
        },
        check: {
          ...often,
          type: 'COMMAND',
          command: {
            command: { value: 'exit $STATUS', environment: { variables: [{ name: 'STATUS', value: '7' }] } },
          },
        },
      },
    );
    assert.equal((await told('port', health))[0]?.healthy, true);
    assert.deepEqual((await told('port', changed))[0]?.check_status, {
      type: 'COMMAND',
      command: { exit_code: 7 },
    });
    server.close();
    assert.equal((await scheduler.update('port', 'TASK_KILLED')).healthy, false);
  });

  it('are refused where they can not be', async () => {
    await tasks.launch('bad', { value: 'true' }, { health_check: { type: 'HTTP' } });
    const { reason, message } = await scheduler.update('bad', 'TASK_ERROR');
    assert.deepEqual(
      [reason, message],
      [
        'REASON_TASK_INVALID',
        "Task uses invalid health check: Expecting 'http' to be set for HTTP health check",
      ],
    );
  });

  it('are of no matter for the time that a task may take: it fails then, at once', async () => {
    const max_completion_time = { nanoseconds: 200_000_000 };
    await tasks.launch(
      'long',
      { value: 'trap "" TERM; while :; do sleep 0.05; done' },
      { max_completion_time },
    );
    const end = await scheduler.update('long', 'TASK_FAILED');
    assert.deepEqual(
      [end.source, end.reason, end.message],
      ['SOURCE_EXECUTOR', 'REASON_MAX_COMPLETION_TIME_REACHED', 'Command terminated with signal Killed'],
    );
    assert.deepEqual(
      scheduler.updates('long').map(({ state }) => state),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED'],
    );
    await tasks.launch('short', { value: 'true' }, { max_completion_time: { nanoseconds: 60_000_000_000 } });
    assert.equal((await scheduler.update('short', 'TASK_FINISHED')).reason, undefined);
  });
});
