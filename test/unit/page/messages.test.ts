import assert from 'node:assert/strict';
import { RunningClock } from '../../../src/page/clock.ts';
import { keptOf } from '../../../src/page/kept.ts';
import { after } from '../../../src/page/known.ts';
import { isFromPage, isToPage, type PageTask, type Update } from '../../../src/page/protocol.ts';
import { ClusterClock } from '../../../src/extension/page/clusterClock.ts';
import { Updates } from '../../../src/extension/page/updates.ts';
import { busyCluster } from '../../support/busyCluster.ts';
import { atNoon } from '../../vscode/support/views.ts';

const clock = { now: atNoon, rate: 1, offset: 0 };
const update = (): Update =>
  new Updates(new ClusterClock(() => atNoon)).next('analytics', {
    connection: { phase: 'live' },
    starting: undefined,
    state: busyCluster(atNoon),
  });

describe('messages between the extension and the page', () => {
  it('are taken as the extension makes them, whole and after their way as JSON', () => {
    const made = update();
    assert.ok(isToPage(made));
    assert.ok(isToPage(JSON.parse(JSON.stringify(made))));
    assert.ok(isToPage({ type: 'texts', texts: { pause: 'Pause' } }));
  });

  it('are not taken where anything is other than it should be', () => {
    const made = update();
    const [task] = made.tasks.changed;
    assert.ok(task);
    const broken = (wrong: Partial<Record<keyof PageTask, unknown>>): unknown => ({
      ...made,
      tasks: { ...made.tasks, changed: [{ ...task, ...wrong }] },
    });
    for (const wrong of [
      { kind: 'exploded' },
      { queued: '1' },
      { queued: NaN },
      { name: null },
      { agent: 1 },
    ]) {
      assert.equal(isToPage(broken(wrong)), false, JSON.stringify(wrong));
    }
    assert.equal(isToPage({ ...made, type: 'other' }), false);
    assert.equal(isToPage({ ...made, clock: { ...clock, span: { from: 1 } } }), false);
    assert.equal(isToPage({ type: 'texts', texts: { pause: 1 } }), false);
    for (const nothing of [undefined, null, 'update', 1, []]) assert.equal(isToPage(nothing), false);
  });

  it('from the page are a few, and nothing else', () => {
    assert.ok(isFromPage({ type: 'ready' }));
    assert.ok(isFromPage({ type: 'openTask', id: 'x' }));
    assert.ok(isFromPage({ type: 'recording', at: 5, paused: true }));
    for (const wrong of [
      { type: 'openTask' },
      { type: 'openTask', id: 1 },
      { type: 'run', command: 'x' },
      { type: 'recording', at: '5' },
      'ready',
    ]) {
      assert.equal(isFromPage(wrong), false, JSON.stringify(wrong));
    }
  });
});

describe('what the page knows', () => {
  it('grows by what changed, and lists in which nothing did stay the same', () => {
    const all = update();
    const known = after(undefined, all);
    assert.equal(known.tasks.size, all.tasks.changed.length);
    const none = { anew: false, changed: [], gone: [] };
    const [task] = all.tasks.changed;
    assert.ok(task);
    const some = { agents: none, frameworks: none, foreign: none, offers: none };
    const next = after(known, { ...all, ...some, tasks: { ...none, gone: [task.id] } });
    assert.equal(next.agents, known.agents);
    assert.equal(next.tasks.size, known.tasks.size - 1);
    assert.ok(known.tasks.has(task.id), 'what was known is not changed');
    const anew = after(next, { ...all, ...some, tasks: { anew: true, changed: [task], gone: [] } });
    assert.deepEqual([...anew.tasks.keys()], [task.id]);
  });
});

describe('the page’s clock', () => {
  it('runs on between messages, and does not jump by what they take to arrive', () => {
    let passed = 0;
    const running = new RunningClock(() => passed);
    running.tell({ now: 1000, rate: 1, offset: 0 });
    passed = 250;
    running.tell({ now: 1150, rate: 1, offset: 0 });
    assert.equal(running.now(), 1250);
    running.tell({ now: 90_000, rate: 1, offset: 0 });
    assert.equal(running.now(), 90_000);
  });

  it('stands still, or hurries, with a recording', () => {
    let passed = 0;
    const running = new RunningClock(() => passed);
    running.tell({ now: 1000, rate: 0, offset: 0, span: { from: 0, to: 5000, speed: 4 } });
    passed = 300;
    assert.equal(running.now(), 1000);
    running.tell({ now: 1000, rate: 4, offset: 0 });
    passed = 400;
    assert.equal(running.now(), 1400);
  });
});

describe('what is kept of the page', () => {
  it('is believed only as far as it makes sense', () => {
    assert.deepEqual(keptOf({ zoom: 60_000, attribute: 'rack', order: 'used' }), {
      ...{ zoom: 60_000, attribute: 'rack', order: 'used' },
    });
    const usual = { zoom: 300_000, attribute: '', order: 'name' };
    for (const state of [undefined, null, 'x', { zoom: 3, attribute: 1, order: 'z' }]) {
      assert.deepEqual(keptOf(state), usual);
    }
  });
});
