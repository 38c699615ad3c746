import assert from 'node:assert/strict';
import type { FrameworkInfo, Offer } from '../../../src/mesos/types.ts';
import { modern, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

const scalar = (offer: Offer | undefined, name: string): number =>
  offer?.resources?.find((resource) => resource.name === name)?.scalar?.value ?? 0;

describe('dev master: offers', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  const schedulers: RawScheduler[] = [];

  beforeEach(async () => {
    master = await TestMaster.start();
    agent = await master.addAgent();
  });

  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) scheduler.disconnect();
    await master.close();
  });

  const subscribe = async (info: FrameworkInfo = modern): Promise<RawScheduler> => {
    const scheduler = await RawScheduler.subscribe(master.url, info);
    schedulers.push(scheduler);
    await scheduler.event('SUBSCRIBED');
    return scheduler;
  };
  const decline = (scheduler: RawScheduler, offers: readonly Offer[], refuseSeconds?: number) =>
    scheduler.call({
      type: 'DECLINE',
      decline: {
        offer_ids: offers.map(({ id }) => id),
        ...(refuseSeconds === undefined ? {} : { filters: { refuse_seconds: refuseSeconds } }),
      },
    });
  /** Lets time pass in steps and sees what came of it. */
  const countAfter = async (scheduler: RawScheduler, milliseconds: number): Promise<number> => {
    for (let step = 0; step < milliseconds; step += 100) master.clock.advance(100);
    // An update that was asked for proves that what was sent before it has arrived.
    const before = scheduler.updates('none').length;
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'none' } }] } });
    await until(() => scheduler.updates('none').length > before);
    return scheduler.offers.length;
  };

  it('offers all agents in one event, as a real master writes them', async () => {
    await master.addAgent({ port: 5052, attributes: 'rack:r7;level:10' });
    const scheduler = await subscribe();
    const { offers } = await scheduler.event('OFFERS');
    assert.equal(offers.offers?.length, 2);
    const [offer, other] = offers.offers ?? [];
    assert.deepEqual(offer, {
      id: { value: offer!.id.value },
      framework_id: await scheduler.id(),
      agent_id: agent.id,
      hostname: '127.0.0.1',
      url: {
        scheme: 'http',
        address: { hostname: '127.0.0.1', ip: '127.0.0.1', port: 5051 },
        path: '/slave(1)',
      },
      resources: [
        {
          name: 'ports',
          type: 'RANGES',
          ranges: { range: [{ begin: 31000, end: 31999 }] },
          role: '*',
          allocation_info: { role: '*' },
        },
        { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role: '*', allocation_info: { role: '*' } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 4096 }, role: '*', allocation_info: { role: '*' } },
        { name: 'disk', type: 'SCALAR', scalar: { value: 4096 }, role: '*', allocation_info: { role: '*' } },
      ],
      allocation_info: { role: '*' },
    });
    assert.match(offer.id.value, /^[\da-f-]{36}-O0$/);
    assert.deepEqual(other?.attributes, [
      { name: 'rack', type: 'TEXT', text: { value: 'r7' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
    ]);
  });

  it('leaves allocation_info out for a framework without MULTI_ROLE', async () => {
    const scheduler = await subscribe({ user: 'root', name: 'old' });
    const [offer] = await scheduler.offersOf(1);
    assert.ok(!JSON.stringify(offer).includes('allocation_info'));
    assert.equal(offer?.resources?.[0]?.role, '*');
  });

  it('refuses 5 s by default', async () => {
    const scheduler = await subscribe();
    await decline(scheduler, await scheduler.offersOf(1));
    assert.equal(await countAfter(scheduler, 4900), 1);
    assert.equal(await countAfter(scheduler, 1000), 2);
  });

  it('refuses one allocation interval at least', async () => {
    const scheduler = await subscribe();
    await decline(scheduler, await scheduler.offersOf(1), 0.1);
    assert.equal(await countAfter(scheduler, 900), 1);
    assert.equal(await countAfter(scheduler, 1100), 2);
  });

  it('takes a negative refusal for the default', async () => {
    const scheduler = await subscribe();
    await decline(scheduler, await scheduler.offersOf(1), -1);
    assert.equal(await countAfter(scheduler, 4900), 1);
    assert.equal(await countAfter(scheduler, 1000), 2);
  });

  it('revives at once, whatever was refused', async () => {
    const scheduler = await subscribe();
    await decline(scheduler, await scheduler.offersOf(1), 1000);
    assert.equal(await countAfter(scheduler, 20_000), 1);
    await scheduler.call({ type: 'REVIVE' });
    await scheduler.offersOf(2);
  });

  it('makes no offers to the suppressed, and rescinds none', async () => {
    const scheduler = await subscribe();
    const offers = await scheduler.offersOf(1);
    await scheduler.call({ type: 'SUPPRESS' });
    await decline(scheduler, offers, 0.1);
    assert.equal(await countAfter(scheduler, 20_000), 1);
    assert.ok(!scheduler.events.some(({ type }) => type === 'RESCIND'));
    await scheduler.call({ type: 'REVIVE' });
    await scheduler.offersOf(2);
  });

  it('offers again what is more than was refused', async () => {
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(agent.id, 'a', { value: 'true' })], 1000);
    await agent.message('run');
    assert.equal(await countAfter(scheduler, 5000), 1, 'the unused rest is refused');
    agent.update(await scheduler.id(), 'a', 'TASK_FINISHED');
    const [, again] = await scheduler.offersOf(2);
    assert.equal(scalar(again, 'cpus'), 4);
  });

  it('takes the unused rest of an ACCEPT as refused for 5 s by default', async () => {
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(agent.id, 'a', { value: 'true' })]);
    assert.equal(await countAfter(scheduler, 4900), 1);
    assert.equal(await countAfter(scheduler, 1000), 2);
    assert.equal(scalar(scheduler.offers[1], 'cpus'), 3.9);
    assert.equal(scalar(scheduler.offers[1], 'mem'), 4064);
  });

  it('gives each of two frameworks its share', async () => {
    await master.addAgent({ port: 5052 });
    const first = await subscribe();
    const mine = await first.offersOf(2);
    const second = await subscribe({ ...modern, name: 'second' });
    await decline(first, mine, 0);
    await until(() => first.offers.length + second.offers.length >= 4 || (master.clock.advance(1000), false));
    assert.deepEqual([first.offers.length, second.offers.length], [3, 1]);
  });

  it('makes offers for one role each, to the one that has least', async () => {
    const scheduler = await subscribe({ ...modern, roles: ['eng', 'ops'] });
    const [offer] = await scheduler.offersOf(1);
    const role = offer!.allocation_info?.role ?? '';
    assert.ok(['eng', 'ops'].includes(role));
    assert.ok(offer!.resources?.every(({ allocation_info }) => allocation_info?.role === role));
    await decline(scheduler, [offer!], 1000);
    // Filters are per role: the other one is asked next.
    await until(() => scheduler.offers.length === 2 || (master.clock.advance(1000), false));
    assert.notEqual(scheduler.offers[1]?.allocation_info?.role, role);
    await scheduler.call({ type: 'SUPPRESS', suppress: { roles: ['eng', 'ops'] } });
    await decline(scheduler, [scheduler.offers[1]!], 0);
    await scheduler.call({ type: 'REVIVE', revive: { roles: ['eng'] } });
    const [, , third] = await scheduler.offersOf(3);
    assert.equal(third!.allocation_info?.role, 'eng');
  });

  it('shares among siblings of the tree of roles first, then within each', async () => {
    const empty = await TestMaster.start();
    const frameworks: RawScheduler[] = [];
    try {
      for (const role of ['eng/a', 'eng/b', 'eng/c', 'ops'])
        frameworks.push(await RawScheduler.subscribe(empty.url, { ...modern, roles: [role] }));
      for (const port of [5052, 5053, 5054, 5055]) {
        await empty.addAgent({ port });
        await until(() => frameworks.flatMap(({ offers }) => offers).length === port - 5051);
      }
      assert.deepEqual(
        frameworks.map(({ offers }) => offers.length),
        [1, 1, 0, 2],
      );
    } finally {
      for (const framework of frameworks) framework.disconnect();
      await empty.close();
    }
  });

  it('offers what is reserved for a role to those below it as well, and to no others', async () => {
    const reserved = await master.addAgent({ port: 5052, resources: 'cpus:0;mem:0;cpus(eng):1;mem(eng):64' });
    const scheduler = await subscribe({ ...modern, roles: ['english', 'ops'] });
    await scheduler.offersOf(1);
    assert.ok(scheduler.offers.every((offer) => offer.agent_id.value !== reserved.id.value));
    const below = await subscribe({ ...modern, roles: ['eng/a'] });
    const [offer] = await below.offersOf(1);
    assert.equal(offer?.agent_id.value, reserved.id.value);
  });

  it('keeps reserved resources for their role, and agents with GPUs for those who can use them', async () => {
    const reserved = await master.addAgent({
      port: 5052,
      resources: 'cpus:2;mem:1024;cpus(eng):1;ports:[1-2]',
    });
    const gpus = await master.addAgent({ port: 5053, resources: 'cpus:2;mem:1024;gpus:1;ports:[1-2]' });
    const plain = await subscribe();
    const offers = await plain.offersOf(2);
    const of = (list: readonly Offer[], id: string) => list.find((offer) => offer.agent_id.value === id);
    assert.equal(scalar(of(offers, reserved.id.value), 'cpus'), 2);
    assert.equal(of(offers, gpus.id.value), undefined);
    const able = await subscribe({
      ...modern,
      roles: ['eng'],
      capabilities: [...(modern.capabilities ?? []), { type: 'GPU_RESOURCES' }],
    });
    const more = await able.offersOf(2);
    const cpus = of(more, reserved.id.value)?.resources?.filter(({ name }) => name === 'cpus');
    assert.deepEqual(cpus, [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'eng', allocation_info: { role: 'eng' } },
    ]);
    assert.equal(scalar(of(more, gpus.id.value), 'gpus'), 1);
  });

  it('rescinds offers of an agent that is gone, at once', async () => {
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    agent.disconnect();
    assert.deepEqual((await scheduler.event('RESCIND')).rescind.offer_id, offer!.id);
  });

  it('rescinds offers that were not used in time, if it is told to', async () => {
    await master.close();
    master = await TestMaster.start({ offerTimeout: 3000 });
    await master.addAgent();
    const scheduler = await subscribe();
    const [offer] = await scheduler.offersOf(1);
    master.clock.advance(2999);
    assert.ok(!scheduler.events.some(({ type }) => type === 'RESCIND'));
    master.clock.advance(1);
    assert.deepEqual((await scheduler.event('RESCIND')).rescind.offer_id, offer!.id);
  });

  it('forgets offers at a failover, silently, and makes them again', async () => {
    const old = await subscribe();
    const [offer] = await old.offersOf(1);
    const fresh = await subscribe({ ...modern, id: await old.id() });
    const [again] = await fresh.offersOf(1);
    assert.notEqual(again!.id.value, offer!.id.value);
    assert.ok(![...old.events, ...fresh.events].some(({ type }) => type === 'RESCIND'));
  });
});
