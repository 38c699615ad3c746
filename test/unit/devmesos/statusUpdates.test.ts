import assert from 'node:assert/strict';
import { StatusUpdates } from '../../../src/devmesos/agent/statusUpdates.ts';
import type { TaskState, TaskStatus } from '../../../src/mesos/types.ts';
import { FakeClock } from './support/fakeClock.ts';

const frameworkId = { value: 'f' };
const taskId = { value: 't' };
const status = (state: TaskState, task = 't'): TaskStatus => ({
  task_id: { value: task },
  state,
  uuid: `${task}-${state}`,
});

describe('dev agent: status updates', () => {
  let clock: FakeClock;
  let sent: (string | undefined)[];
  let done: string[];
  let updates: StatusUpdates;

  beforeEach(() => {
    clock = new FakeClock();
    sent = [];
    done = [];
    updates = new StatusUpdates({
      clock,
      retry: 10_000,
      longestRetry: 600_000,
      send: (_framework, { uuid }) => sent.push(uuid),
      onDone: (_framework, { value }) => done.push(value),
    });
  });

  it('sends one at a time, the next when the one before is acknowledged', () => {
    assert.equal(updates.add(frameworkId, status('TASK_STARTING')), true);
    assert.equal(updates.add(frameworkId, status('TASK_RUNNING')), false);
    assert.equal(
      updates.add(frameworkId, status('TASK_STARTING', 'other')),
      true,
      'tasks do not wait for each other',
    );
    assert.deepEqual(sent, ['t-TASK_STARTING', 'other-TASK_STARTING']);
    updates.acknowledge(frameworkId, taskId, 't-TASK_RUNNING');
    assert.equal(sent.length, 2, 'that one is not out yet');
    updates.acknowledge(frameworkId, taskId, 't-TASK_STARTING');
    assert.deepEqual(sent.slice(2), ['t-TASK_RUNNING']);
  });

  it('sends again after 10 s, then after twice as long each time, up to 10 min', () => {
    updates.add(frameworkId, status('TASK_RUNNING'));
    const times: number[] = [];
    const begin = clock.now();
    for (let second = 0; second < 3000; second += 1) {
      const before = sent.length;
      clock.advance(1000);
      if (sent.length > before) times.push((clock.now() - begin) / 1000);
    }
    assert.deepEqual(times, [10, 30, 70, 150, 310, 630, 1230, 1830, 2430]);
    updates.acknowledge(frameworkId, taskId, 't-TASK_RUNNING');
    clock.advance(10_000_000);
    assert.equal(sent.length, 10);
  });

  it('begins anew with its patience when a framework is back', () => {
    updates.add(frameworkId, status('TASK_RUNNING'));
    clock.advance(100_000);
    sent.length = 0;
    updates.resend({ value: 'another' });
    assert.equal(sent.length, 0);
    updates.resend(frameworkId);
    assert.equal(sent.length, 1);
    clock.advance(10_000);
    assert.equal(sent.length, 2);
  });

  it('is done with a task when its terminal update is acknowledged', () => {
    updates.add(frameworkId, status('TASK_RUNNING'));
    updates.add(frameworkId, status('TASK_FINISHED'));
    updates.acknowledge(frameworkId, taskId, 't-TASK_RUNNING');
    assert.deepEqual(done, []);
    updates.acknowledge(frameworkId, taskId, 't-TASK_FINISHED');
    assert.deepEqual(done, ['t']);
  });

  it('is silent about a framework that is over', () => {
    updates.add(frameworkId, status('TASK_RUNNING'));
    updates.forget(frameworkId);
    clock.advance(100_000);
    updates.resend();
    assert.equal(sent.length, 1);
  });
});
