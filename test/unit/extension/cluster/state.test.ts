import assert from 'node:assert/strict';
import type { ClusterEvent, TaskRun } from '../../../../src/api/people.ts';
import { applyEvents, keptTaskRuns } from '../../../../src/extension/cluster/state.ts';
import { agentView, atNoon, clusterView, running, taskRun } from '../../../vscode/support/views.ts';

function snapshot(...tasks: TaskRun[]): ClusterEvent {
  return {
    type: 'snapshot',
    cursor: 'e:1',
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
    assert.equal(before?.tasks.get('a')?.state, 'queued');
    assert.ok(after);
    assert.equal(after.tasks.get('a')?.state, 'running');
    assert.deepEqual([...after.tasks.keys()], ['a', 'b']);
    assert.equal(after.cluster.state, 'degraded');
  });

  it('forgets with a new snapshot what that does not have', () => {
    const state = applyEvents(undefined, [snapshot(taskRun('a')), snapshot(taskRun('b'))]);
    assert.deepEqual(state && [...state.tasks.keys()], ['b']);
  });

  it('lets the oldest that have ended go, never one that lives', () => {
    const events: ClusterEvent[] = [snapshot(taskRun('living', { queued: atNoon - 1000 }))];
    for (let i = 0; i < keptTaskRuns + 10; i += 1) {
      const task = running(`t${i}`, { state: 'finished', queued: atNoon + i, ended: atNoon + i });
      events.push({ type: 'task', task });
    }
    const tasks = applyEvents(undefined, events)?.tasks;
    assert.equal(tasks?.size, keptTaskRuns);
    assert.ok(tasks.has('living') && !tasks.has('t0') && tasks.has(`t${keptTaskRuns + 9}`));
  });
});
