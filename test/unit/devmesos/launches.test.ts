import assert from 'node:assert/strict';
import type { Offer, Operation, Resource, TaskInfo, TaskStatus } from '../../../src/mesos/types.ts';
import { modern, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import type { FakeAgent } from './support/fakeAgent.ts';
import { TestMaster } from './support/testMaster.ts';

describe('dev master: launches', () => {
  let master: TestMaster;
  let agent: FakeAgent;
  let other: FakeAgent;
  let scheduler: RawScheduler;
  let offer: Offer;
  let otherOffer: Offer;

  beforeEach(async () => {
    master = await TestMaster.start();
    agent = await master.addAgent();
    other = await master.addAgent({ port: 5052 });
    scheduler = await RawScheduler.subscribe(master.url);
    const offers = await scheduler.offersOf(2);
    offer = offers.find(({ agent_id }) => agent_id.value === agent.id.value)!;
    otherOffer = offers.find(({ agent_id }) => agent_id.value === other.id.value)!;
  });

  afterEach(async () => {
    scheduler.disconnect();
    await master.close();
  });

  const sleep = { value: 'sleep 1' };
  const task = (id: string, rest: Partial<TaskInfo> = {}): TaskInfo => taskFor(agent.id, id, sleep, rest);
  const cpus = (value: number): Resource[] => [
    { name: 'cpus', type: 'SCALAR', scalar: { value } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ];
  const accept = (offers: readonly Offer[], operations: readonly Operation[]) =>
    scheduler.call({ type: 'ACCEPT', accept: { offer_ids: offers.map(({ id }) => id), operations } });
  /** The parts of a status that don't differ between runs, checked to be all there are. */
  const words = (status: TaskStatus): object => {
    const { task_id, timestamp, agent_id, ...rest } = status;
    assert.ok(typeof timestamp === 'number' && task_id.value.length < 300 && agent_id);
    return rest;
  };

  it('hands a task to its agent, with its resources allocated to the role', async () => {
    await scheduler.launch([offer], [task('ä/'.slice(0, 1))]);
    const run = await agent.message('run');
    assert.equal(run.task.task_id.value, 'ä');
    assert.deepEqual(run.task.command, sleep);
    assert.deepEqual(
      run.task.resources?.map(({ allocation_info }) => allocation_info?.role),
      ['*', '*'],
    );
    assert.deepEqual(run.framework.id, await scheduler.id());
    assert.equal(scheduler.updates().length, 0, 'TASK_STAGING is never told');
  });

  it('puts several offers of one agent together', async () => {
    await scheduler.launch([offer], [task('one')], 0);
    await agent.message('run');
    const [, , rest] = await until(() =>
      scheduler.offers.length === 3 ? scheduler.offers : (master.clock.advance(1000), false),
    );
    agent.update(await scheduler.id(), 'one', 'TASK_FINISHED');
    const [, , , freed] = await scheduler.offersOf(4);
    await scheduler.launch([rest!, freed!], [task('two', { resources: cpus(4) })]);
    const second = await agent.message('run', 1 + agent.messages.findIndex(({ type }) => type === 'run'));
    assert.equal(second.task.task_id.value, 'two');
  });

  // The words are those of the recording (test/fixtures/mesos/lifecycle.txt).
  describe('with bad offers', () => {
    const refused = (message: string): object => ({
      state: 'TASK_DROPPED',
      message: `Task launched with invalid offers: ${message}`,
      source: 'SOURCE_MASTER',
      reason: 'REASON_INVALID_OFFERS',
    });
    const gone = { id: { value: 'nope' } } as Offer;

    it('names one that is not there, and frees the good ones with no filter', async () => {
      await scheduler.launch([offer, gone], [task('a')], 1000);
      assert.deepEqual(
        words(await scheduler.update('a', 'TASK_DROPPED')),
        refused('Offer nope is no longer valid'),
      );
      await until(() => scheduler.offers.length === 3 || (master.clock.advance(1000), false));
    });

    it('wants at least one', async () => {
      await scheduler.launch([], [task('a')]);
      assert.deepEqual(words(await scheduler.update('a', 'TASK_DROPPED')), refused('No offers specified'));
    });

    it('wants each once', async () => {
      await scheduler.launch([offer, offer], [task('a')]);
      assert.deepEqual(
        words(await scheduler.update('a', 'TASK_DROPPED')),
        refused(`Duplicate offer ${offer.id.value} in offer list`),
      );
    });

    it('wants them to be of one agent', async () => {
      await scheduler.launch([offer, otherOffer], [task('a')]);
      assert.deepEqual(
        words(await scheduler.update('a', 'TASK_DROPPED')),
        refused(
          `Aggregated offers must belong to one single agent. Offer ${otherOffer.id.value} uses agent ${other.id.value} and agent ${agent.id.value}`,
        ),
      );
    });

    it('knows whose they are', async () => {
      const thief = await RawScheduler.subscribe(master.url, { ...modern, name: 'thief' });
      const id = await thief.id();
      await thief.launch([offer], [task('a')]);
      assert.deepEqual(
        words(await thief.update('a', 'TASK_DROPPED')),
        refused(
          `Offer ${offer.id.value} has invalid framework ${(await scheduler.id()).value} while framework ${id.value} is expected`,
        ),
      );
      thief.disconnect();
    });

    it('tells TASK_LOST where the framework knows nothing newer', async () => {
      const old = await RawScheduler.subscribe(master.url, { user: 'root', name: 'old' });
      await old.launch([gone], [task('a')]);
      await old.update('a', 'TASK_LOST');
      old.disconnect();
    });
  });

  describe('with bad tasks', () => {
    const available =
      'ports(allocated: *):[31000-31999]; cpus(allocated: *):4; mem(allocated: *):4096; disk(allocated: *):4096';
    const cases: [what: string, make: () => TaskInfo, message: () => string][] = [
      [
        'too big',
        () => task('v1', { resources: cpus(100) }),
        () =>
          `Total resources cpus(allocated: *):100; mem(allocated: *):32 required by task and its executor is more than available ${available}`,
      ],
      ['no resources', () => task('v2', { resources: [] }), () => 'Task uses no resources'],
      [
        'negative cpus',
        () => task('v2c', { resources: cpus(-1) }),
        () => "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
      ],
      [
        'no command',
        () => taskFor(agent.id, 'v3', undefined),
        () => 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
      ],
      ['slash in its id', () => task('v/4'), () => "'v/4' contains invalid characters"],
      ['no id', () => task(''), () => 'ID must not be empty'],
      ['an id that is a folder', () => task('..'), () => "'..' is disallowed"],
      ['too long an id', () => task('x'.repeat(256)), () => 'ID must not be greater than 255 characters'],
      [
        'another agent',
        () => taskFor({ value: 'zzz' }, 'v5', sleep),
        () => `Task uses invalid agent zzz while agent ${agent.id.value} is expected`,
      ],
      [
        'resources of a reservation',
        () =>
          task('v7', {
            resources: [
              { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, role: 'foo' },
              { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, role: 'foo' },
            ],
          }),
        () =>
          `Total resources cpus(allocated: *)(reservations: [(STATIC,foo)]):0.1; mem(allocated: *)(reservations: [(STATIC,foo)]):32 required by task and its executor is more than available ${available}`,
      ],
      [
        'a negative grace',
        () => task('v9', { kill_policy: { grace_period: { nanoseconds: -1 } } }),
        () => "Task's 'kill_policy.grace_period' must be non-negative",
      ],
      [
        'no Docker part',
        () => task('v10', { container: { type: 'DOCKER' } }),
        () =>
          "Task's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo",
      ],
      [
        'a name for a Docker container',
        () =>
          task('v11', {
            container: {
              type: 'DOCKER',
              docker: { image: 'x', parameters: [{ key: 'name', value: 'mine' }] },
            },
          }),
        () => "Task's `ContainerInfo` is invalid: Parameter in DockerInfo must not be 'name'",
      ],
    ];
    for (const [what, make, message] of cases) {
      it(`says what is wrong: ${what}`, async () => {
        const bad = make();
        await scheduler.launch([offer], [bad]);
        assert.deepEqual(words(await scheduler.update(bad.task_id.value, 'TASK_ERROR')), {
          state: 'TASK_ERROR',
          message: message(),
          source: 'SOURCE_MASTER',
          reason: 'REASON_TASK_INVALID',
        });
        assert.ok(!agent.messages.some(({ type }) => type === 'run'));
      });
    }

    it('refuses an id on LAUNCH', async () => {
      await accept([offer], [{ type: 'LAUNCH', id: { value: 'op' }, launch: { task_infos: [task('v6')] } }]);
      assert.equal(
        (await scheduler.update('v6', 'TASK_ERROR')).message,
        'The `id` field cannot be set on LAUNCH operations',
      );
    });

    it('takes no cpus at all', async () => {
      await scheduler.launch([offer], [task('v2b', { resources: cpus(0) })]);
      assert.equal((await agent.message('run')).task.task_id.value, 'v2b');
    });

    it('refuses the second of one id, until the first is over and acknowledged', async () => {
      await scheduler.launch([offer], [task('v8'), task('v8')], 0);
      assert.equal((await scheduler.update('v8', 'TASK_ERROR')).message, 'Task has duplicate ID: v8');
      await agent.message('run');
      assert.equal(agent.messages.filter(({ type }) => type === 'run').length, 1);
      agent.update(await scheduler.id(), 'v8', 'TASK_FINISHED');
      const end = await scheduler.update('v8', 'TASK_FINISHED');
      await until(() => scheduler.offers.length > 2 || (master.clock.advance(1000), false));
      await scheduler.launch([scheduler.offers.at(-1)!], [task('v8')], 0);
      await until(() => scheduler.updates('v8').filter(({ state }) => state === 'TASK_ERROR').length === 2);
      await scheduler.acknowledge(end);
      await until(() => scheduler.offers.length > 3 || (master.clock.advance(1000), false));
      await scheduler.launch([scheduler.offers.at(-1)!], [task('v8')]);
      await until(() => agent.messages.filter(({ type }) => type === 'run').length === 2);
    });
  });

  it('takes a LAUNCH of nothing for a decline', async () => {
    await accept([offer], [{ type: 'LAUNCH', launch: { task_infos: [] } }]);
    await accept([otherOffer], []);
    await until(() => scheduler.offers.length === 4 || (master.clock.advance(1000), false));
  });
});
