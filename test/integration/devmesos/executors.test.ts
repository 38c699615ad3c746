import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExecutorInfo, Id, Offer, SchedulerEvent, TaskInfo } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { Parts } from './support/parts.ts';

const program = path.join(import.meta.dirname, 'support', 'miniExecutor.mjs');

describe('dev Mesos: custom executors', function () {
  this.timeout(60_000);
  let parts: Parts;
  let agent: { url: string; id: string };
  let scheduler: RawScheduler;

  before(async () => {
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '50ms');
    agent = await parts.startAgent('agent');
  });

  after(async () => parts.remove());

  beforeEach(async () => {
    scheduler = await RawScheduler.subscribe(parts.masterUrl, { ...modern, failover_timeout: 0 });
    scheduler.acknowledgeAll();
  });

  afterEach(() => scheduler.disconnect());

  const executorFor = (id: string, environment: Record<string, string> = {}): ExecutorInfo => ({
    type: 'CUSTOM',
    executor_id: { value: id },
    name: `Executor ${id}`,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.2 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 64 } },
      { name: 'disk', type: 'SCALAR', scalar: { value: 1 } },
    ],
    shutdown_grace_period: { nanoseconds: 1e9 },
    command: {
      value: `exec '${process.execPath}' '${program}'`,
      environment: { variables: Object.entries(environment).map(([name, value]) => ({ name, value })) },
    },
  });
  const task = (executor: ExecutorInfo, id: string, wish: string): TaskInfo =>
    taskFor({ value: agent.id }, id, undefined, {
      executor,
      data: Buffer.from(wish).toString('base64'),
    });
  const launch = async (...tasks: TaskInfo[]): Promise<void> => {
    await scheduler.launch(await freshOffers(scheduler), tasks, 0);
  };
  const tell = (executor: ExecutorInfo, text: string) =>
    scheduler.call({
      type: 'MESSAGE',
      message: {
        agent_id: { value: agent.id },
        executor_id: executor.executor_id,
        data: Buffer.from(text).toString('base64'),
      },
    });
  const heard = (text: string): Promise<unknown> =>
    until(
      () =>
        scheduler.events.some(
          (event) =>
            event.type === 'MESSAGE' && Buffer.from(event.message.data, 'base64').toString() === text,
        ),
      { what: `the message ${text}` },
    );
  const failure = async (executor: ExecutorInfo): Promise<SchedulerEvent & { type: 'FAILURE' }> =>
    until(
      () =>
        scheduler.events.find(
          (event): event is SchedulerEvent & { type: 'FAILURE' } =>
            event.type === 'FAILURE' && event.failure.executor_id?.value === executor.executor_id.value,
        ),
      { what: `FAILURE of ${executor.executor_id.value}` },
    );
  const outputOf = async (executor: ExecutorInfo): Promise<string> => {
    const frameworkId = (await scheduler.id()).value;
    const folder = path.join('frameworks', frameworkId, 'executors', executor.executor_id.value);
    const run = path.join(parts.workDirOf('agent'), 'slaves', agent.id, folder, 'runs', 'latest');
    return readFile(path.join(run, 'stdout'), 'utf8');
  };
  const executorsOf = async (url: string): Promise<{ executor_info: { executor_id: Id } }[]> => {
    const { body } = await rawRequest(`${url}/api/v1`, 'POST', json, '{"type":"GET_EXECUTORS"}');
    return (JSON.parse(body) as { get_executors: { executors: [] } }).get_executors.executors;
  };

  it('run several tasks in one process, that holds its own resources, and are killed and shut down', async () => {
    const executor = executorFor('several');
    await launch(task(executor, 'one', 'run'), task(executor, 'two', 'run'));
    const one = await scheduler.update('one', 'TASK_RUNNING');
    const two = await scheduler.update('two', 'TASK_RUNNING');
    assert.equal(one.source, 'SOURCE_EXECUTOR');
    assert.deepEqual(one.executor_id, { value: 'several' });
    assert.deepEqual(one.agent_id, { value: agent.id });
    assert.ok(one.container_status?.container_id && one.container_status.executor_pid);
    assert.deepEqual(one.container_status, two.container_status);
    assert.ok(runs(one.container_status.executor_pid));
    assert.equal((await executorsOf(parts.masterUrl)).length, 1);
    assert.equal((await executorsOf(agent.url)).length, 1);

    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'one' } } });
    await scheduler.update('one', 'TASK_KILLED');
    await cpusOffered(scheduler, 3.7);
    await launch(task(executor, 'three', 'finish'));
    await scheduler.update('three', 'TASK_FINISHED');

    const shutdown = { executor_id: executor.executor_id, agent_id: { value: agent.id } };
    await scheduler.call({ type: 'SHUTDOWN', shutdown });
    assert.equal((await failure(executor)).failure.status, 0);
    const end = await scheduler.update('two', 'TASK_FAILED');
    assert.equal(end.message, 'Executor terminated');
    assert.equal(end.reason, 'REASON_EXECUTOR_TERMINATED');
    await cpusOffered(scheduler, 4);
    assert.equal((await executorsOf(parts.masterUrl)).length, 0);
    await until(async () => (await executorsOf(agent.url)).length === 0);
    assert.match(await outputOf(executor), /^executor up\nSUBSCRIBED\nLAUNCH\nLAUNCH\n/);
  });

  it('exchange messages with their scheduler', async () => {
    const executor = executorFor('messages');
    await launch(task(executor, 'm', 'run'));
    await scheduler.update('m', 'TASK_RUNNING');
    await tell(executor, 'hello');
    await heard('echo hello');
  });

  it('take task groups, when they are named with their framework', async () => {
    const executor = executorFor('group');
    const offer_ids = (await freshOffers(scheduler)).map(({ id }) => id);
    const framework_id = await scheduler.id();
    const tasks = ['g1', 'g2'].map((id) => taskFor({ value: agent.id }, id, undefined));
    const group = { executor: { ...executor, framework_id }, task_group: { tasks } };
    const operations = [{ type: 'LAUNCH_GROUP', launch_group: group }];
    await scheduler.call({ type: 'ACCEPT', accept: { offer_ids, operations } });
    await scheduler.update('g1', 'TASK_RUNNING');
    await scheduler.update('g2', 'TASK_RUNNING');
    assert.match(await outputOf(executor), /LAUNCH_GROUP/);
  });

  it('that crash are told of, and their tasks fail', async () => {
    const executor = executorFor('crash');
    await launch(task(executor, 'bystander', 'run'));
    await scheduler.update('bystander', 'TASK_RUNNING');
    await launch(task(executor, 'culprit', 'crash'));
    assert.equal((await failure(executor)).failure.status, 3 << 8);
    for (const id of ['bystander', 'culprit']) {
      const { message, source, reason } = await scheduler.update(id, 'TASK_FAILED');
      assert.deepEqual(
        { message, source, reason },
        {
          message: 'Executor terminated',
          source: 'SOURCE_AGENT',
          reason: 'REASON_EXECUTOR_TERMINATED',
        },
      );
    }
  });

  it('that do not end when they are told to are killed after their grace', async () => {
    const executor = executorFor('stubborn', { STUBBORN: '1' });
    await launch(task(executor, 's', 'run'));
    await scheduler.update('s', 'TASK_RUNNING');
    await scheduler.call({
      type: 'SHUTDOWN',
      shutdown: { executor_id: executor.executor_id, agent_id: { value: agent.id } },
    });
    assert.equal((await failure(executor)).failure.status, 9);
    await scheduler.update('s', 'TASK_FAILED');
  });

  it('that subscribe again bring the updates that were not acknowledged', async () => {
    const executor = executorFor('again');
    await launch(task(executor, 'l', 'later'), task(executor, 'r', 'run'));
    await scheduler.update('r', 'TASK_RUNNING');
    assert.equal(scheduler.updates('l').length, 0);
    await tell(executor, 'again');
    await scheduler.update('l', 'TASK_RUNNING');
    await until(async () => /SUBSCRIBED\n[^]*SUBSCRIBED\n[^]*ACKNOWLEDGED/.test(await outputOf(executor)));
    await tell(executor, 'still there');
    await heard('echo still there');
  });

  describe('when their agent is killed and started again', () => {
    let endpoint: string;

    before(() => (endpoint = new URL(agent.url).port));

    const restart = async (meanwhile: () => Promise<void> | void, patience = '2secs'): Promise<void> => {
      await parts.kill('agent');
      await meanwhile();
      await parts.startAgent('agent', '--port', endpoint, '--executor-reregistration-timeout', patience);
    };
    const nothing = (): void => undefined;

    it('go on, and lose no update, where their framework has checkpointing', async () => {
      const executor = executorFor('faithful');
      const signal = path.join(parts.folder, 'finish');
      await launch(task(executor, 'ends', `until ${signal}`), task(executor, 'goes on', 'run'));
      const before = await scheduler.update('goes on', 'TASK_RUNNING');
      await scheduler.update('ends', 'TASK_RUNNING');
      await until(async () => (await outputOf(executor)).split('ACKNOWLEDGED').length === 3);
      await restart(() => writeFile(signal, ''), '6secs');
      const end = await scheduler.update('ends', 'TASK_FINISHED');
      assert.deepEqual(end.container_status, before.container_status);
      await tell(executor, 'still there');
      await heard('echo still there');
      // One whose acknowledgement was under way comes twice.
      assert.equal(new Set(scheduler.updates('goes on').map(({ uuid }) => uuid)).size, 1);
      await launch(task(executor, 'next', 'finish'));
      await scheduler.update('next', 'TASK_FINISHED');
      await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'goes on' } } });
      await scheduler.update('goes on', 'TASK_KILLED');
    });

    it('are ended if they do not come back in time', async () => {
      const executor = executorFor('faithless', { FAITHLESS: '1' });
      await launch(task(executor, 'f', 'run'));
      const { container_status } = await scheduler.update('f', 'TASK_RUNNING');
      await restart(nothing);
      const end = await scheduler.update('f', 'TASK_GONE');
      assert.equal(end.message, 'Executor did not reregister within 2secs');
      assert.equal(end.reason, 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT');
      assert.equal((await failure(executor)).failure.status, 9);
      await until(() => !runs(container_status!.executor_pid!), { what: "the executor's end" });
    });

    it('that end meanwhile fail their tasks', async () => {
      const executor = executorFor('mortal');
      await launch(task(executor, 'd', 'run'));
      const { container_status } = await scheduler.update('d', 'TASK_RUNNING');
      const pid = container_status!.executor_pid!;
      await restart(async () => {
        process.kill(pid, 'SIGKILL');
        await until(() => !runs(pid), { what: "the executor's end" });
      });
      const end = await scheduler.update('d', 'TASK_FAILED');
      assert.equal(end.reason, 'REASON_EXECUTOR_TERMINATED');
      await until(async () => (await executorsOf(parts.masterUrl)).length === 0);
    });

    it('are ended where their framework has no checkpointing', async () => {
      scheduler.disconnect();
      scheduler = await RawScheduler.subscribe(parts.masterUrl, { ...modern, checkpoint: false });
      scheduler.acknowledgeAll();
      const executor = executorFor('fleeting');
      await launch(task(executor, 'l', 'run'));
      const { container_status } = await scheduler.update('l', 'TASK_RUNNING');
      await restart(nothing);
      assert.equal((await scheduler.update('l', 'TASK_LOST')).reason, 'REASON_AGENT_DISCONNECTED');
      await until(() => !runs(container_status!.executor_pid!), { what: "the executor's end" });
    });
  });

  it('end with their framework', async () => {
    const executor = executorFor('orphan');
    await launch(task(executor, 'o', 'run'));
    const { container_status } = await scheduler.update('o', 'TASK_RUNNING');
    await scheduler.call({ type: 'TEARDOWN' });
    const pid = container_status!.executor_pid!;
    await until(() => !runs(pid), { what: "the executor's end" });
  });
});

const used = new WeakMap<RawScheduler, Set<string>>();

/** All that is offered and was not accepted or rescinded; at least one. */
async function freshOffers(scheduler: RawScheduler): Promise<Offer[]> {
  const spent = used.get(scheduler) ?? new Set();
  used.set(scheduler, spent);
  const offers = await until(
    () => {
      const fresh = open(scheduler);
      return fresh.length > 0 ? fresh : undefined;
    },
    { what: 'an offer' },
  );
  for (const { id } of offers) spent.add(id.value);
  return offers;
}

function open(scheduler: RawScheduler): Offer[] {
  const gone = new Set(
    scheduler.events.flatMap((event) => (event.type === 'RESCIND' ? event.rescind.offer_id.value : [])),
  );
  return scheduler.offers.filter(({ id }) => !gone.has(id.value) && !used.get(scheduler)?.has(id.value));
}

/** Waits until the open offers have so many cpus together. */
async function cpusOffered(scheduler: RawScheduler, expected: number): Promise<void> {
  const sum = (): number =>
    open(scheduler)
      .flatMap(({ resources }) => resources ?? [])
      .filter(({ name }) => name === 'cpus')
      .reduce((total, { scalar }) => total + (scalar?.value ?? 0), 0);
  await until(() => Math.round(sum() * 1000) === Math.round(expected * 1000), {
    what: `offers of ${expected} cpus`,
  });
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
