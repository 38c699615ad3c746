import assert from 'node:assert/strict';
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
  const launch = async (scheduler: RawScheduler, id: string, value: string): Promise<number> => {
    const offer = await until(() => scheduler.offers.find((one) => !used.has(one.id.value)));
    used.add(offer.id.value);
    await scheduler.launch([offer], [taskFor(offer.agent_id, id, { value })], 0);
    return (await scheduler.update(id, 'TASK_RUNNING')).container_status?.executor_pid ?? 0;
  };

  it('an agent that comes after a killed one keeps its id, ends what that left, and says so', async () => {
    const agent = await parts.startAgent('agent-1');
    const scheduler = await subscribe();
    const pid = await launch(scheduler, 'left', 'echo kept; setsid sleep 2001 & sleep 2001');
    await until(() => taskProcesses(parts.folder).length === 3);
    await scheduler.offersOf(2);
    await parts.kill('agent-1');
    await scheduler.event('RESCIND');
    assert.ok(lives(pid), 'the task goes on without its agent');
    assert.equal(scheduler.updates('left').length, 2, 'and nobody is told anything else');

    const again = await parts.startAgent('agent-1');
    assert.equal(again.id, agent.id);
    const end = await scheduler.update('left', 'TASK_FAILED');
    assert.deepEqual(
      [end.message, end.source, end.reason],
      ['Executor terminated', 'SOURCE_AGENT', 'REASON_EXECUTOR_TERMINATED'],
    );
    assert.deepEqual(taskProcesses(parts.folder), []);
    const path = `/frameworks/${(await scheduler.id()).value}/executors/left/runs/latest/stdout`;
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
