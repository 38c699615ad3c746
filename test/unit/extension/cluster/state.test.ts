import assert from 'node:assert/strict';
import type { ClusterEvent, TaskRun } from '../../../../src/api/people.ts';
import { applyEvents, withoutUnwanted } from '../../../../src/extension/cluster/state.ts';
import { keptTaskRuns, notLoading, withOlder } from '../../../../src/extension/cluster/taskRuns.ts';
import { agentView, atNoon, clusterView, running, taskRun } from '../../../vscode/support/views.ts';

function snapshot(...tasks: TaskRun[]): ClusterEvent {
  return {
    type: 'snapshot',
    cursor: 'e:1',
    subscription: 's',
    cluster: clusterView(),
    agents: [agentView('agent-1')],
    frameworks: [],
    offers: { suppressed: true, offers: [] },
    tasks,
  };
}

describe('applyEvents', () => {
  it('knows nothing before the first snapshot', () => {
    assert.equal(applyEvents(undefined, [{ type: 'task', task: taskRun('a') }]), undefined);
  });

  it('replaces what changed and leaves the state before as it was', () => {
    const before = applyEvents(undefined, [snapshot(taskRun('a'))]);
    const after = applyEvents(before, [
      { type: 'task', task: running('a') },
      { type: 'task', task: taskRun('b') },
      { type: 'cluster', cluster: clusterView({ state: 'degraded' }) },
    ]);
    assert.equal(before?.tasks?.get('a')?.state, 'queued');
    assert.ok(after);
    assert.deepEqual(after.tasks && [...after.tasks.keys()], ['a', 'b']);
    assert.equal(after.tasks?.get('a')?.state, 'running');
    assert.equal(after.cluster.state, 'degraded');
  });

  it('forgets with a new snapshot what that does not have', () => {
    const state = applyEvents(undefined, [snapshot(taskRun('a')), snapshot(taskRun('b'))]);
    assert.deepEqual(state?.tasks && [...state.tasks.keys()], ['b']);
  });

  it('lets the oldest that have ended go, never one that lives', () => {
    const events: ClusterEvent[] = [snapshot(taskRun('living', { queued: atNoon - 1000 }))];
    for (let i = 0; i < keptTaskRuns + 10; i += 1) {
      const task = running(`t${i}`, { state: 'finished', queued: atNoon + i, ended: atNoon + i });
      events.push({ type: 'task', task });
    }
    const tasks = applyEvents(undefined, events)?.tasks;
    assert.ok(tasks);
    assert.equal(tasks.size, keptTaskRuns);
    assert.ok(tasks.has('living') && !tasks.has('t0') && tasks.has(`t${keptTaskRuns + 9}`));
  });

  it('knows of lists that nobody asked for no more than that nobody did', () => {
    const { cluster } = applyEvents(undefined, [snapshot()]) ?? {};
    assert.ok(cluster);
    const narrow: ClusterEvent = { type: 'snapshot', cursor: 'e:1', subscription: 's', cluster };
    const state = applyEvents(undefined, [narrow, { type: 'task', task: taskRun('a') }]);
    assert.ok(state);
    assert.deepEqual([state.agents, state.offers, state.tasks], [undefined, undefined, undefined]);
    const later = applyEvents(state, [
      { type: 'taskRuns', tasks: [taskRun('b')] },
      { type: 'task', task: taskRun('c') },
      { type: 'agents', agents: [] },
    ]);
    assert.deepEqual([...(later?.tasks?.keys() ?? [])], ['b', 'c']);
    assert.deepEqual([later?.agents, later?.olderTasks], [[], 'none']);
  });

  it('drops what nobody wants any more', () => {
    const state = applyEvents(undefined, [snapshot(taskRun('a'))]);
    assert.ok(state);
    const tasks = withoutUnwanted(state, ['cluster', 'tasks']);
    assert.deepEqual([tasks.agents, tasks.offers, tasks.tasks?.size], [undefined, undefined, 1]);
    assert.equal(withoutUnwanted(tasks, ['cluster']).tasks, undefined);
  });
});

describe('older task runs', () => {
  const at = (index: number): TaskRun =>
    taskRun(`t${index}`, { state: 'finished', queued: atNoon + index, ended: atNoon + index });
  const newest = (from: number): TaskRun[] =>
    Array.from({ length: 500 }, (_, index) => at(from + 499 - index));

  it('are there where the newest are as many as come at once', () => {
    assert.equal(applyEvents(undefined, [snapshot(...newest(500))])?.olderTasks, 'more');
    assert.equal(applyEvents(undefined, [snapshot(at(1))])?.olderTasks, 'none');
  });

  it('come behind those that are known, and stay', () => {
    const state = applyEvents(undefined, [snapshot(...newest(1500))]);
    assert.ok(state?.oldestTask === 't1500');
    const once = withOlder({ ...state, olderTasks: 'loading' }, 't1500', newest(1000), 500);
    const twice = withOlder(once, 't1000', newest(500), 500);
    assert.deepEqual([twice.tasks?.size, twice.olderTasks, twice.oldestTask], [1500, 'more', 't500']);
    const last = withOlder(twice, 't500', [at(499)], 500);
    assert.deepEqual([last.tasks?.size, last.olderTasks], [1501, 'none']);
    // A new one takes the place of the oldest, which can be loaded again.
    const after = applyEvents(last, [{ type: 'task', task: at(2000) }]);
    assert.deepEqual(
      [after?.tasks?.size, after?.tasks?.has('t499'), after?.olderTasks, after?.oldestTask],
      [1501, false, 'more', 't500'],
    );
  });

  it('are left out where the list is another one by now', () => {
    const state = applyEvents(undefined, [snapshot(...newest(1500))]);
    assert.ok(state);
    const other = withOlder({ ...state, olderTasks: 'loading' }, 't7', newest(0), 500);
    assert.deepEqual([other.tasks?.size, other.olderTasks], [500, 'more']);
    assert.equal(notLoading(other), other);
  });

  it('leave no hole that is never filled where a burst pushes out what was known', () => {
    const events: ClusterEvent[] = [snapshot(...newest(0))];
    for (let index = 500; index < 2000; index += 1) events.push({ type: 'task', task: at(index) });
    const state = applyEvents(undefined, events);
    assert.equal(state?.tasks?.size, keptTaskRuns);
    assert.deepEqual([state.oldestTask, state.olderTasks], ['t1000', 'more']);
  });

  it('do not make a crowd of waiting ones hold the memory: those go as well, one that runs never', () => {
    const events: ClusterEvent[] = [snapshot(running('runs', { queued: atNoon - 1 }))];
    for (let index = 0; index < 5000; index += 1) {
      events.push({ type: 'task', task: taskRun(`w${index}`, { queued: atNoon + index }) });
    }
    const tasks = applyEvents(undefined, events)?.tasks;
    assert.ok(tasks);
    assert.equal(tasks.size, keptTaskRuns);
    assert.ok(tasks.has('runs') && tasks.has('w4999') && !tasks.has('w0'));
  });
});
