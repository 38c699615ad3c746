import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { TaskInfo, TaskState } from '../../../src/mesos/types.ts';
import { json, modern, rawRequest, RawScheduler, taskFor } from '../../support/rawScheduler.ts';
import { until } from '../../support/until.ts';
import { lives, Parts, taskProcesses } from './support/parts.ts';

describe('dev Mesos: restarts', function () {
  let parts: Parts;
  const schedulers: RawScheduler[] = [];

  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    parts = await Parts.make();
    await parts.startMaster(0, '--allocation-interval', '100ms');
  });

  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) scheduler.disconnect();
    await parts.remove();
  });

  const subscribe = async (info = modern): Promise<RawScheduler> => {
    const scheduler = await RawScheduler.subscribe(parts.masterUrl, info);
    schedulers.push(scheduler);
    scheduler.acknowledgeAll();
    return scheduler;
  };
  const used = new Set<string>();
  const launch = async (
    scheduler: RawScheduler,
    id: string,
    value: string,
    rest: Partial<TaskInfo> = {},
  ): Promise<number> => {
    const offer = await until(() => scheduler.offers.find((one) => !used.has(one.id.value)));
    used.add(offer.id.value);
    await scheduler.launch([offer], [taskFor(offer.agent_id, id, { value }, rest)], 0);
    return (await scheduler.update(id, 'TASK_RUNNING')).container_status?.executor_pid ?? 0;
  };

  const kill = (scheduler: RawScheduler, id: string): Promise<unknown> =>
    scheduler.call({ type: 'KILL', kill: { task_id: { value: id } } });
  /** Kills the agent, lets something happen, and starts it anew. */
  const restart = async (
    scheduler: RawScheduler,
    meanwhile: () => unknown = () => undefined,
  ): Promise<string> => {
    const from = scheduler.events.length;
    await parts.kill('agent-1');
    await scheduler.event('RESCIND', from);
    await meanwhile();
    return (await parts.startAgent('agent-1')).url;
  };
  const states = (scheduler: RawScheduler, id: string): string[] =>
    scheduler.updates(id).map(({ state }) => state);
  /** Waits until the scheduler has an offer, and so the master the agent. */
  const isBack = (scheduler: RawScheduler, from: number): Promise<unknown> => scheduler.event('OFFERS', from);

  it('an agent that comes after a killed one goes on with its tasks, and nobody notices', async () => {
    const agent = await parts.startAgent('agent-1');
    const scheduler = await subscribe();
    const script = 'echo kept; while [ ! -e stop ]; do sleep 0.05; done; kill -9 $$';
    const pid = await launch(scheduler, 'goes-on', script);
    await launch(scheduler, 'killed', 'setsid sleep 2001 & sleep 2001');
    await scheduler.offersOf(3);
    const from = scheduler.events.length;
    const url = await restart(scheduler);
    await isBack(scheduler, from);
    assert.deepEqual(states(scheduler, 'goes-on'), ['TASK_STARTING', 'TASK_RUNNING']);
    assert.ok(lives(pid));
    const folder = `/frameworks/${(await scheduler.id()).value}/executors/goes-on/runs/latest`;
    const log = await rawRequest(`${url}/files/read?offset=0&path=${folder}/stdout`, 'GET');
    assert.equal(log.body, '{"data":"kept\\n","offset":0}');
    const state = await rawRequest(`${url}/api/v1`, 'POST', json, '{"type":"GET_CONTAINERS"}');
    assert.match(state.body, new RegExp(`"executor_pid":${pid}\\b`));

    // Once more: what was taken over can be taken over again.
    await restart(scheduler);
    await scheduler.call({
      type: 'KILL',
      kill: { task_id: { value: 'killed' }, kill_policy: { grace_period: { nanoseconds: 10_000_000_000 } } },
    });
    const killed = await scheduler.update('killed', 'TASK_KILLED');
    assert.equal(killed.message, 'Command terminated with signal Terminated');
    await writeFile(`${await sandboxOf(agent.workDir, agent.id, scheduler, 'goes-on')}/stop`, '');
    const end = await scheduler.update('goes-on', 'TASK_FAILED');
    assert.deepEqual(
      [end.message, end.source, end.container_status?.executor_pid],
      ['Command terminated with signal Killed', 'SOURCE_EXECUTOR', pid],
    );
    assert.deepEqual(taskProcesses(parts.folder), []);
  });

  const ends: [what: string, script: string, state: TaskState, message: string][] = [
    ['well', 'exit 0', 'TASK_FINISHED', 'Command exited with status 0'],
    ['with a status', 'exit 137', 'TASK_FAILED', 'Command exited with status 137'],
    ['by a signal', 'kill -SEGV $$', 'TASK_FAILED', 'Command terminated with signal Segmentation fault'],
  ];
  for (const [what, script, state, message] of ends) {
    it(`an agent tells of a task that ended ${what} while there was none`, async () => {
      const agent = await parts.startAgent('agent-1');
      const scheduler = await subscribe();
      const pid = await launch(scheduler, 'ends', `while [ ! -e stop ]; do sleep 0.05; done; ${script}`);
      await scheduler.offersOf(2);
      await restart(scheduler, async () => {
        await writeFile(`${await sandboxOf(agent.workDir, agent.id, scheduler, 'ends')}/stop`, '');
        await until(() => !lives(pid));
      });
      assert.equal((await scheduler.update('ends', state)).message, message);
    });
  }

  it('an agent tells again what its killed predecessor told and nobody acknowledged, in order', async () => {
    await parts.startAgent('agent-1');
    const scheduler = await RawScheduler.subscribe(parts.masterUrl);
    schedulers.push(scheduler);
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'untold', { value: 'sleep 2004' })], 0);
    const first = await scheduler.update('untold', 'TASK_STARTING');
    await scheduler.offersOf(2);
    await restart(scheduler);
    scheduler.acknowledgeAll();
    await scheduler.update('untold', 'TASK_RUNNING');
    await kill(scheduler, 'untold');
    await scheduler.update('untold', 'TASK_KILLED');
    const again = scheduler.updates('untold').filter(({ uuid }) => uuid === first.uuid);
    assert.ok(again.length >= 2, 'the first one came again as it was');
    assert.deepEqual(
      states(scheduler, 'untold').filter((state, index, all) => state !== all[index - 1]),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED'],
    );
  });

  it('a kill, a deadline and checks go on with an agent that comes after a killed one', async () => {
    await parts.startAgent('agent-1');
    const scheduler = await subscribe();
    const stubborn = 'trap "" TERM; while :; do sleep 0.05; done';
    await launch(scheduler, 'kill', stubborn, {
      kill_policy: { grace_period: { nanoseconds: 20_000_000_000 } },
    });
    await launch(scheduler, 'long', 'sleep 2005', { max_completion_time: { nanoseconds: 4_000_000_000 } });
    await launch(scheduler, 'checked', 'echo $PPID; sleep 2006', {
      check: {
        type: 'COMMAND',
        command: { command: { value: 'test ! -e "$MESOS_SANDBOX/ill"' } },
        delay_seconds: 0,
        interval_seconds: 0.1,
      },
    });
    await until(() =>
      scheduler.updates('checked').some(({ check_status }) => check_status?.command?.exit_code === 0),
    );
    await kill(scheduler, 'kill');
    await scheduler.update('kill', 'TASK_KILLING');
    await scheduler.offersOf(4);
    await restart(scheduler);
    const ill = `${await sandboxOf(parts.workDirOf('agent-1'), scheduler.offers[0]!.agent_id.value, scheduler, 'checked')}/ill`;
    await writeFile(ill, '');
    await until(() =>
      scheduler.updates('checked').some(({ check_status }) => check_status?.command?.exit_code === 1),
    );
    assert.equal(
      (await scheduler.update('long', 'TASK_FAILED')).reason,
      'REASON_MAX_COMPLETION_TIME_REACHED',
    );
    await scheduler.call({
      type: 'KILL',
      kill: { task_id: { value: 'kill' }, kill_policy: { grace_period: { nanoseconds: 0 } } },
    });
    assert.equal(
      (await scheduler.update('kill', 'TASK_KILLED')).message,
      'Command terminated with signal Killed',
    );
    const killing = scheduler.updates('kill').filter((status) => status.state === 'TASK_KILLING');
    // The same one may have come again.
    assert.equal(new Set(killing.map(({ uuid }) => uuid)).size, 1);
  });

  it('tasks of a framework that does not checkpoint are lost with their agent, which ends them when it is back', async () => {
    const agent = await parts.startAgent('agent-1');
    const scheduler = await subscribe({ ...modern, checkpoint: false });
    const pid = await launch(scheduler, 'lost', 'echo kept; setsid sleep 2001 & sleep 2001');
    await until(() => taskProcesses(parts.folder).length === 3);
    await scheduler.offersOf(2);
    await parts.kill('agent-1');
    const end = await scheduler.update('lost', 'TASK_LOST');
    assert.deepEqual(
      [end.message, end.source, end.reason],
      ['Agent 127.0.0.1 disconnected', 'SOURCE_MASTER', 'REASON_AGENT_DISCONNECTED'],
    );
    assert.ok(lives(pid), 'the task goes on without its agent');
    const again = await parts.startAgent('agent-1');
    assert.equal(again.id, agent.id);
    assert.deepEqual(taskProcesses(parts.folder), []);
    const path = `/frameworks/${(await scheduler.id()).value}/executors/lost/runs/latest/stdout`;
    const log = await rawRequest(`${again.url}/files/read?offset=0&path=${path}`, 'GET');
    assert.equal(log.body, '{"data":"kept\\n","offset":0}', 'its sandbox can still be read');
  });

  it('an agent tells the end that its killed predecessor could not', async () => {
    await parts.startAgent('agent-1');
    const scheduler = await RawScheduler.subscribe(parts.masterUrl);
    schedulers.push(scheduler);
    const [offer] = await scheduler.offersOf(1);
    await scheduler.launch([offer!], [taskFor(offer!.agent_id, 'done', { value: 'exit 3' })], 3600);
    // The end frees resources, so the master has heard of it; the scheduler has acknowledged nothing.
    await scheduler.offersOf(2);
    await parts.kill('agent-1');
    await scheduler.event('RESCIND');
    scheduler.acknowledgeAll();
    await parts.startAgent('agent-1');
    assert.equal((await scheduler.update('done', 'TASK_FAILED')).message, 'Command exited with status 3');
  });

  it('an agent that is told to end ends its tasks, however far they went, and takes leave', async () => {
    await parts.startAgent('agent-1');
    const scheduler = await subscribe();
    await launch(scheduler, 'a', 'setsid sleep 2002 & sleep 2002');
    await launch(scheduler, 'b', 'trap "" TERM; while :; do sleep 2002 & wait; done');
    assert.equal(await parts.stop('agent-1'), 0);
    assert.deepEqual(taskProcesses(parts.folder), []);
    await scheduler.update('a', 'TASK_KILLED');
    await scheduler.update('b', 'TASK_KILLED');
    await scheduler.event('FAILURE');
  });

  it('a master that comes after a killed one learns of agents and their tasks, which go on', async () => {
    const agent = await parts.startAgent('agent-1');
    const before = await subscribe();
    const id = await before.id();
    const pid = await launch(
      before,
      'goes-on',
      'while [ ! -e "$MESOS_SANDBOX/stop" ]; do sleep 0.05; done; exit 4',
    );
    const port = Number(new URL(parts.masterUrl).port);
    await parts.kill('master');
    await until(() => before.closed);
    assert.ok(!before.events.some(({ type }) => type === 'ERROR'));

    await parts.startMaster(port, '--allocation-interval', '100ms');
    const scheduler = await subscribe({ ...modern, id });
    assert.equal((await scheduler.id()).value, id.value);
    const [offer] = await scheduler.offersOf(1);
    assert.equal(offer?.agent_id.value, agent.id);
    assert.equal(offer.resources?.find(({ name }) => name === 'cpus')?.scalar?.value, 3.9);
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    const known = await scheduler.update('goes-on', 'TASK_RUNNING');
    assert.equal(known.container_status?.executor_pid, pid);
    await scheduler.call({ type: 'KILL', kill: { task_id: { value: 'goes-on' } } });
    await scheduler.update('goes-on', 'TASK_KILLED');
    assert.ok(!lives(pid));
  });

  it('a master that comes after a killed one expects the agents of that, and gives them up in the end', async () => {
    const agent = await parts.startAgent('agent-1');
    const before = await subscribe();
    const id = await before.id();
    await launch(before, 'lost', 'sleep 2004');
    const port = Number(new URL(parts.masterUrl).port);
    await parts.kill('master');
    await parts.kill('agent-1');
    await parts.startMaster(port, '--agent-reregister-timeout', '1secs');
    const scheduler = await subscribe({ ...modern, id });
    assert.deepEqual((await scheduler.event('FAILURE')).failure, { agent_id: { value: agent.id } });
    const tasks = [{ task_id: { value: 'lost' }, agent_id: { value: agent.id } }];
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } });
    await scheduler.update('lost', 'TASK_UNREACHABLE');
  });

  it('a framework that does not come back takes its tasks with it', async () => {
    await parts.startAgent('agent-1');
    const scheduler = await subscribe({ ...modern, failover_timeout: 0.2 });
    await launch(scheduler, 'orphan', 'sleep 2003');
    scheduler.disconnect();
    await until(() => taskProcesses(parts.folder).length === 0);
    const answer = await rawRequest(`${parts.masterUrl}/api/v1`, 'POST', json, '{"type":"GET_TASKS"}');
    assert.match(answer.body, /"tasks":\[\],.*"completed_tasks":\[\{.*TASK_KILLED/);
  });
});

async function sandboxOf(
  workDir: string,
  agentId: string,
  scheduler: RawScheduler,
  executor: string,
): Promise<string> {
  const framework = (await scheduler.id()).value;
  return `${workDir}/slaves/${agentId}/frameworks/${framework}/executors/${executor}/runs/latest`;
}
