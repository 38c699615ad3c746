import assert from 'node:assert/strict';
import type { FrameworkInfo } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: subscription', () => {
  let master: TestMaster;
  const schedulers: RawScheduler[] = [];
  const subscribe = async (info: FrameworkInfo = modern, suppressed?: string[]): Promise<RawScheduler> => {
    const scheduler = await RawScheduler.subscribe(master.url, info, suppressed);
    schedulers.push(scheduler);
    return scheduler;
  };

  beforeEach(async () => {
    master = await TestMaster.start();
  });

  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) scheduler.disconnect();
    await master.close();
  });

  it('begins with SUBSCRIBED and HEARTBEAT, and beats each 15 s', async () => {
    const scheduler = await subscribe();
    await scheduler.event('HEARTBEAT');
    assert.equal(scheduler.headers['content-type'], 'application/json');
    assert.equal(scheduler.headers['transfer-encoding'], 'chunked');
    assert.match(scheduler.streamId, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const { subscribed } = await scheduler.event('SUBSCRIBED');
    assert.equal(subscribed.heartbeat_interval_seconds, 15);
    assert.match(subscribed.framework_id.value, /^[\da-f-]{36}-0000$/);
    assert.deepEqual(subscribed.master_info?.capabilities?.at(-1), {}, 'clients must stand a nameless one');
    const beats = (): number => scheduler.events.filter(({ type }) => type === 'HEARTBEAT').length;
    assert.equal(beats(), 1);
    master.clock.advance(14_999);
    assert.equal(beats(), 1);
    master.clock.advance(1);
    await until(() => beats() === 2);
    master.clock.advance(30_000);
    await until(() => beats() === 4);
  });

  const multiRole = [{ type: 'MULTI_ROLE' as const }];
  const plain: FrameworkInfo = { user: 'root', name: 'x' };
  // The names and the words are those of the recording (test/fixtures/mesos/lifecycle.txt).
  const refused: [name: string, info: FrameworkInfo, error: string, suppressed?: string[]][] = [
    [
      'role+multirole',
      { ...plain, role: 'a', capabilities: multiRole },
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    ],
    [
      'roles w/o multirole',
      { ...plain, roles: ['a'] },
      "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable",
    ],
    [
      'dup roles',
      { ...plain, roles: ['a', 'a'], capabilities: multiRole },
      "'FrameworkInfo.roles' contains duplicate items: { a }",
    ],
    [
      'bad role',
      { ...plain, roles: ['-a'], capabilities: multiRole },
      "'FrameworkInfo.roles' contains invalid role: Role component '-a' is invalid because it starts with a dash",
    ],
    [
      'empty role',
      { ...plain, roles: [''], capabilities: multiRole },
      "'FrameworkInfo.roles' contains invalid role: Role names cannot be the empty string",
    ],
    [
      'role dot',
      { ...plain, roles: ['..'], capabilities: multiRole },
      "'FrameworkInfo.roles' contains invalid role: Role '..' cannot include '..' as a component",
    ],
    [
      'role slash',
      { ...plain, roles: ['a b'], capabilities: multiRole },
      "'FrameworkInfo.roles' contains invalid role: Role component 'a b' is invalid because it contains backspace or whitespace",
    ],
    [
      'bad failover',
      { ...plain, failover_timeout: 1e18 },
      'The framework failover_timeout (1e+18) is invalid',
    ],
    [
      'suppressed',
      { ...plain, roles: ['a'], capabilities: multiRole },
      "Suppressed role 'zz' is not contained in the list of roles",
      ['zz'],
    ],
    ['bad id', { ...plain, id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
  ];
  for (const [name, info, error, suppressed] of refused) {
    it(`refuses with an ERROR event and ends the stream: ${name}`, async () => {
      const scheduler = await subscribe(info, suppressed);
      assert.deepEqual((await scheduler.event('ERROR')).error, { message: error });
      await until(() => scheduler.closed);
      assert.equal(scheduler.events.length, 1);
    });
  }

  it('takes a negative failover timeout, no roles, and an id that it does not know', async () => {
    await (await subscribe({ ...plain, failover_timeout: -1 })).event('SUBSCRIBED');
    await (await subscribe({ ...plain, roles: [], capabilities: multiRole })).event('SUBSCRIBED');
    const adopted = await subscribe({ ...modern, id: { value: 'my-own-id' } });
    assert.equal((await adopted.id()).value, 'my-own-id');
  });

  it('tears a framework down: the stream ends without ERROR, its id is spent', async () => {
    const scheduler = await subscribe();
    const id = await scheduler.id();
    assert.equal((await scheduler.call({ type: 'TEARDOWN' })).status, 202);
    await until(() => scheduler.closed);
    assert.ok(!scheduler.events.some(({ type }) => type === 'ERROR'));
    const again = await subscribe({ ...modern, id });
    assert.equal((await again.event('ERROR')).error.message, 'Framework has been removed');
  });

  it('fails over to a newer connection with the same id', async () => {
    const old = await subscribe();
    const id = await old.id();
    const fresh = await subscribe({ ...modern, id, name: 'renamed', user: 'other' });
    await fresh.event('SUBSCRIBED');
    assert.equal((await old.event('ERROR')).error.message, 'Framework failed over');
    await until(() => old.closed);
    const answer = await old.call({ type: 'REVIVE' });
    assert.equal(answer.status, 400);
    assert.equal(
      answer.body,
      `The stream ID '${old.streamId}' included in this request didn't match the stream ID currently associated with framework ID ${id.value}`,
    );
    assert.equal((await fresh.call({ type: 'REVIVE' })).status, 202);
    const { framework_info: info } = (await frameworks()).frameworks[0]!;
    assert.equal(info.name, 'renamed');
    assert.equal(info.user, 'root', 'a user stays what it was');
  });

  it('keeps a disconnected framework for its failover timeout, then ends it', async () => {
    const scheduler = await subscribe();
    const id = await scheduler.id();
    scheduler.disconnect();
    await until(async () => !(await frameworks()).frameworks[0]?.connected);
    master.clock.advance(29_999);
    assert.equal((await frameworks()).frameworks.length, 1);
    const back = await subscribe({ ...modern, id });
    await back.event('SUBSCRIBED');
    master.clock.advance(60_000);
    assert.equal((await frameworks()).frameworks.length, 1, 'it is back: the timeout is off');
    back.disconnect();
    await until(async () => !(await frameworks()).frameworks[0]?.connected);
    master.clock.advance(30_000);
    const { frameworks: living, completed_frameworks: over } = await frameworks();
    assert.deepEqual([living.length, over?.[0]?.framework_info.id?.value], [0, id.value]);
    const late = await subscribe({ ...modern, id });
    assert.equal((await late.event('ERROR')).error.message, 'Framework has been removed');
  });

  it('answers 501 to UNKNOWN, where a real master aborts', async () => {
    const scheduler = await subscribe();
    assert.equal((await scheduler.call({ type: 'UNKNOWN' })).status, 501);
  });

  interface Frameworks {
    frameworks: { framework_info: FrameworkInfo; connected: boolean }[];
    completed_frameworks?: { framework_info: FrameworkInfo }[];
  }
  async function frameworks(): Promise<Frameworks> {
    const answer = await rawRequest(`${master.url}/api/v1`, 'POST', json, '{"type":"GET_FRAMEWORKS"}');
    return (JSON.parse(answer.body) as { get_frameworks: Frameworks }).get_frameworks;
  }
});
