import assert from 'node:assert/strict';
import { settle } from './fakeClock.ts';
import { World, deployment, newRequest } from './world.ts';

describe('Events and states', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make({ options: { keepEvents: 3, keepRequests: 2 } });
    world.master.addAgent('agent-1', { cpus: 4, mem: 4096 });
    await world.start();
  });
  afterEach(() => world.remove());

  async function cancelled(name: string): Promise<string> {
    const request = newRequest(name);
    await world.submit(request);
    await world.framework.kill(null, [request.id], 'No more.');
    return request.id;
  }

  it('continue after a cursor, also after a restart, for one deployment', async () => {
    const { cursor } = world.framework.events(deployment, null);
    const first = await cancelled('one');
    await world.framework.submit('another', [newRequest('foreign')]);
    const page = world.framework.events(deployment, cursor);
    assert.deepEqual(
      page.events.map(({ id, state, info }) => [id, state, info]),
      [[first, 'killed', 'No more.']],
    );
    const second = await cancelled('two');
    await world.restart();
    assert.deepEqual(
      world.framework.events(deployment, page.cursor).events.map(({ id }) => id),
      [second],
    );
    assert.deepEqual(world.framework.events('another', cursor).events, []);
  });

  it('come in pages', async () => {
    const ids = [await cancelled('one'), await cancelled('two'), await cancelled('three')];
    let cursor = `${world.store.epoch}:0`;
    const seen: string[] = [];
    for (let page = 0; page < 3; page += 1) {
      const { events, cursor: next } = world.framework.events(deployment, cursor, 1);
      seen.push(...events.map(({ id }) => id));
      cursor = next;
    }
    assert.deepEqual(seen, ids);
  });

  it('refuse a cursor of another history, from the future, or older than what is kept', async () => {
    const start = `${world.store.epoch}:0`;
    for (const name of ['a', 'b', 'c', 'd', 'e']) await cancelled(name);
    await world.clock.advance(60_000);
    for (const cursor of ['other:0', `${world.store.epoch}:99`, start, 'nonsense']) {
      assert.throws(() => world.framework.events(deployment, cursor), { name: 'CursorTooOld', cursor });
    }
    assert.equal(world.framework.events(deployment, `${world.store.epoch}:2`).events.length, 3);
    // Nothing of it was pruned for a deployment that has no events.
    assert.deepEqual(world.framework.events('another', start).events, []);
  });

  it('are waited for', async () => {
    const waiting = world.framework.waitForEvents(deployment, null, { ms: 30_000 });
    await settle();
    const id = await cancelled('one');
    assert.deepEqual(
      (await waiting).events.map((event) => event.id),
      [id],
    );
    const idle = world.framework.waitForEvents(deployment, null, { ms: 30_000 });
    await world.clock.advance(30_000);
    assert.deepEqual((await idle).events, []);
    const aborted = new AbortController();
    const given = world.framework.waitForEvents(deployment, null, { ms: 30_000, signal: aborted.signal });
    aborted.abort();
    assert.deepEqual((await given).events, []);
    await assert.rejects(world.framework.waitForEvents(deployment, 'other:0', { ms: 1 }), {
      name: 'CursorTooOld',
    });
    assert.equal(world.framework.listenerCount('event'), 0);
  });

  it('are summed up by states, with the cursor that continues them', async () => {
    const id = await cancelled('one');
    const request = newRequest('two');
    await world.submit(request);
    const states = world.framework.states(deployment, [id, request.id, 'nobody']);
    assert.deepEqual(
      states.tasks.map((task) => [task.id, task.state]),
      [
        [id, 'killed'],
        [request.id, 'queued'],
      ],
    );
    assert.deepEqual(states.unknown, ['nobody']);
    await world.offer();
    assert.deepEqual(
      world.framework.events(deployment, states.cursor).events.map(({ state }) => state),
      ['launched'],
    );
    assert.deepEqual(world.framework.states('another', [id]).unknown, [id]);
  });

  it('forget the oldest requests that are over, and no others', async () => {
    const alive = newRequest('alive');
    await world.submit(alive);
    const ids = [await cancelled('a'), await cancelled('b'), await cancelled('c')];
    await world.clock.advance(60_000);
    assert.deepEqual(
      [alive.id, ...ids].map((id) => world.framework.task(id) !== null),
      [true, false, true, true],
    );
    assert.equal(world.framework.status().counts.killed, 2);
  });

  it('list tasks newest first, filtered, page by page', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift(await cancelled(name));
    const running = newRequest('d');
    await world.submit(running);
    const listed = (...args: Parameters<World['framework']['tasks']>) =>
      world.framework.tasks(...args).map(({ id }) => id);
    assert.deepEqual(listed({}), [running.id, ...ids]);
    assert.deepEqual(listed({ states: ['killed'] }, 2), ids.slice(0, 2));
    assert.deepEqual(listed({ states: ['killed'] }, 2, ids[1]), ids.slice(2));
    assert.deepEqual(listed({ dag_id: 'dag', run_id: 'run', task_id: 'd', map_index: -1, try_number: 1 }), [
      running.id,
    ]);
    assert.deepEqual(listed({ deployment: 'another' }), []);
  });

  it('find a task by a unique beginning of its id', async () => {
    const ids = ['aa', 'ab', 'b0'].map((start) => `${start}000000-0000-4000-8000-000000000000`);
    await world.submit(...ids.map((id) => newRequest(id, { id })));
    await world.offer();
    assert.equal(world.framework.task('b')?.task.id, ids[2]);
    assert.equal(world.framework.task(`${ids[0]}.1`)?.attempt?.attempt, 1);
    assert.equal(world.framework.task('c'), null);
    assert.equal(world.framework.task(''), null);
    assert.throws(() => world.framework.task('a'), {
      name: 'AmbiguousId',
      candidates: [`${ids[0]}.1`, `${ids[1]}.1`],
    });
  });

  it('change the status, which is told when it does', async () => {
    const states: string[] = [];
    world.framework.on('status', ({ state, counts }) => states.push(`${state} ${counts.queued}`));
    await world.submit(newRequest('one'));
    await world.clock.advance(1_000);
    world.master.breakConnection();
    await world.clock.advance(1_000);
    await world.clock.advance(1_000);
    assert.deepEqual(states, ['subscribed 1', 'subscribing 1']);
  });

  it('reach the other listeners where one throws', async () => {
    let reached = 0;
    world.framework.prependListener('task', () => {
      throw new Error('a fault of the listener');
    });
    world.framework.on('event', () => (reached += 1));
    await cancelled('one');
    assert.equal(reached, 1);
    assert.equal(world.framework.tasks({ states: ['killed'] }).length, 1);
  });
});
