import assert from 'node:assert/strict';
import { Health } from '../../../src/devmesos/agent/checks/health.ts';
import { PeriodicCheck } from '../../../src/devmesos/agent/checks/periodicCheck.ts';
import { checksError } from '../../../src/devmesos/master/checkValidation.ts';
import type { CheckStatusInfo, CheckTimes, TaskInfo } from '../../../src/mesos/types.ts';
import { until } from '../../support/until.ts';
import { FakeClock } from './support/fakeClock.ts';

describe('health of a task', () => {
  const clock = new FakeClock();
  const make = (consecutive_failures: number, grace_period_seconds: number): Health =>
    new Health({ consecutive_failures, grace_period_seconds }, () => clock.now());

  it('is told at first, and then when it changes for the better', () => {
    const health = make(3, 0);
    assert.deepEqual(health.passed(), { healthy: true, isLast: false });
    assert.equal(health.passed(), undefined);
    assert.deepEqual(health.failed(), { healthy: false, isLast: false });
    assert.deepEqual(health.passed(), { healthy: true, isLast: false });
  });

  it('is told at each failure, and lost after so many in a row', () => {
    const health = make(2, 0);
    assert.equal(health.failed()?.isLast, false);
    health.passed();
    assert.equal(health.failed()?.isLast, false);
    assert.equal(health.failed()?.isLast, true);
  });

  it('is not asked for in the grace of a task that was never well', () => {
    const health = make(1, 10);
    clock.advance(10_000);
    assert.equal(health.failed(), undefined);
    clock.advance(1);
    assert.equal(health.failed()?.isLast, true);
  });

  it('is asked for in the grace, too, once it was well', () => {
    const health = make(1, 10);
    health.passed();
    assert.equal(health.failed()?.isLast, true);
  });
});

describe('a check', () => {
  const well: CheckStatusInfo = { type: 'TCP', tcp: { succeeded: true } };
  let clock: FakeClock;
  let asked: ((result: CheckStatusInfo | Error) => void)[];
  let results: (CheckStatusInfo | Error)[];

  const start = (times: CheckTimes): PeriodicCheck => {
    clock = new FakeClock();
    asked = [];
    results = [];
    const check = new PeriodicCheck({
      clock,
      times,
      ask: (signal) =>
        new Promise((resolve, reject) => {
          asked.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      onResult: (result) => results.push(result),
    });
    check.start();
    return check;
  };
  const answer = async (result: CheckStatusInfo | Error): Promise<void> => {
    const before = results.length;
    asked.at(-1)!(result);
    await until(() => results.length > before);
  };

  it('begins after its delay, and waits its interval after each answer', async () => {
    start({ delay_seconds: 5, interval_seconds: 2, timeout_seconds: 100 });
    clock.advance(4999);
    assert.equal(asked.length, 0);
    clock.advance(1);
    assert.equal(asked.length, 1);
    clock.advance(50_000);
    assert.equal(asked.length, 1, 'no second while the first is open');
    await answer(well);
    clock.advance(1999);
    assert.equal(asked.length, 1);
    clock.advance(1);
    assert.equal(asked.length, 2);
    await answer(new Error('no'));
    clock.advance(2000);
    assert.equal(asked.length, 3, 'it goes on after a failure');
  });

  it('has the times of Mesos where it names none, and is given up after its timeout', async () => {
    start({});
    clock.advance(15_000);
    assert.equal(asked.length, 1);
    clock.advance(20_000);
    await until(() => results.length === 1);
    assert.equal((results[0] as Error).message, 'timed out after 20secs');
    clock.advance(10_000);
    assert.equal(asked.length, 2);
  });

  it('has no timeout of 0', () => {
    start({ delay_seconds: 1, timeout_seconds: 0 });
    clock.advance(1_000_000);
    assert.deepEqual([asked.length, results.length], [1, 0]);
  });

  it('tells nothing once it is stopped', async () => {
    const check = start({ delay_seconds: 1, interval_seconds: 1 });
    clock.advance(1000);
    check.stop();
    await new Promise(setImmediate);
    clock.advance(100_000);
    assert.deepEqual([asked.length, results.length], [1, 0]);
  });
});

describe('checks of a task that can not be', () => {
  const cases: [Partial<TaskInfo>, string | undefined][] = [
    [
      { health_check: { type: 'TCP', tcp: { port: 1 } }, check: { type: 'HTTP', http: { port: 1 } } },
      undefined,
    ],
    [{ health_check: {} }, "Task uses invalid health check: HealthCheck must specify 'type'"],
    [{ check: {} }, "Task uses invalid check: CheckInfo must specify 'type'"],
    [{ check: { type: 'UNKNOWN' } }, "Task uses invalid check: 'UNKNOWN' is not a valid check type"],
    [
      { health_check: { type: 'COMMAND' } },
      "Task uses invalid health check: Expecting 'command' to be set for COMMAND health check",
    ],
    [
      { health_check: { type: 'COMMAND', command: {} } },
      "Task uses invalid health check: Command health check must contain 'shell command'",
    ],
    [
      { check: { type: 'COMMAND', command: { command: { shell: false } } } },
      "Task uses invalid check: Command check must contain 'executable path'",
    ],
    [
      { health_check: { type: 'HTTP', http: { port: 1, scheme: 'ftp' } } },
      "Task uses invalid health check: Unsupported HTTP health check scheme: 'ftp'",
    ],
    [
      { check: { type: 'HTTP', http: { port: 1, path: 'x' } } },
      "Task uses invalid check: The path 'x' of HTTP check must start with '/'",
    ],
    [
      { health_check: { type: 'TCP', tcp: { port: 1 }, grace_period_seconds: -1 } },
      "Task uses invalid health check: Expecting 'grace_period_seconds' to be non-negative",
    ],
  ];
  for (const [checks, error] of cases) {
    it(`${JSON.stringify(checks)}: ${error ?? 'can'}`, () =>
      assert.equal(checksError(checks as TaskInfo), error));
  }
});
