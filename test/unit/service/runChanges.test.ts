import assert from 'node:assert/strict';
import type { DagRunView, TaskInstanceView } from '../../../src/api/people.ts';
import { runTopic } from '../../../src/api/topics.ts';
import { applyEvents } from '../../../src/extension/cluster/state.ts';
import { changesBetween } from '../../../src/service/runChanges.ts';
import { atNoon, clusterView, running } from '../../vscode/support/views.ts';

function instance(map_index: number, over: Partial<TaskInstanceView> = {}): TaskInstanceView {
  const run = running(`00000000-0000-4000-8000-${String(map_index).padStart(12, '0')}`, {
    key: { map_index },
  });
  return {
    task_id: 'summarise',
    map_index,
    try_number: 1,
    state: 'running',
    mesos_task_id: run.mesos_task_id,
    agent: run.agent,
    waits: null,
    upstream: ['read_stations'],
    queued: atNoon,
    started: atNoon + 1,
    ended: null,
    runs: [run],
    ...over,
  };
}

function runOf(size: number, over: Partial<DagRunView> = {}): DagRunView {
  const tasks = Array.from({ length: size }, (_, index) => instance(index));
  return { dag_id: 'd', run_id: 'r', state: 'running', started: atNoon, ended: null, tasks, ...over };
}

describe('what there is to tell of a run', () => {
  const withSuccess = (run: DagRunView, index: number): DagRunView => ({
    ...run,
    tasks: run.tasks.map((task, place) => (place === index ? { ...task, state: 'success' } : { ...task })),
  });

  it('is a message of a few kilobytes where one of 500 mapped instances changed', () => {
    const before = runOf(500);
    const whole = JSON.stringify({ type: 'run', run: before }).length;
    assert.ok(whole < 600_000, `${whole} bytes`);
    const changes = changesBetween(before, withSuccess(before, 7));
    assert.deepEqual(
      changes?.run.tasks.map(({ map_index, state }) => [map_index, state]),
      [[7, 'success']],
    );
    assert.ok(JSON.stringify(changes).length < 2000);
  });

  it('is the whole where it is small, or most of it changed, or instances came or moved', () => {
    const before = runOf(100);
    assert.equal(changesBetween(runOf(3), withSuccess(runOf(3), 1)), undefined);
    const all = { ...before, tasks: before.tasks.map((task) => ({ ...task, state: 'success' })) };
    assert.equal(changesBetween(before, all), undefined);
    assert.equal(changesBetween(before, runOf(101)), undefined);
    assert.equal(changesBetween(before, { ...before, tasks: before.tasks.toReversed() }), undefined);
  });

  it('makes the same picture at the follower', () => {
    const before = runOf(100);
    const after = { ...withSuccess(before, 42), state: 'success', ended: atNoon + 9 };
    const changes = changesBetween(before, after);
    assert.ok(changes);
    const known = applyEvents(undefined, [
      { type: 'snapshot', cursor: 'e:1', subscription: 's', cluster: clusterView() },
      { type: 'run', run: before },
    ]);
    const next = applyEvents(known, [changes]);
    assert.deepEqual(next?.run.get(runTopic('d', 'r')), after);
    const dropped = known && { ...known, run: new Map() };
    assert.equal(applyEvents(dropped, [changes])?.run.size, 0, 'what is not wanted any more stays away');
  });
});
