import assert from 'node:assert/strict';
import type { TaskRun } from '../../../../src/api/people.ts';
import { mostPageTopics, runsTopic } from '../../../../src/api/topics.ts';
import { ClusterModel } from '../../../../src/extension/cluster/model.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';
import { FakeService } from '../../../vscode/support/fakeService.ts';
import { agentView, atNoon, running } from '../../../vscode/support/views.ts';

describe('ClusterModel', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: FakeService;
  let model: ClusterModel;
  const view = {};
  const before = process.env.MESOS_AIRFLOW_HOME;

  beforeEach(async () => {
    home = await temporaryFolder('model');
    process.env.MESOS_AIRFLOW_HOME = home.path;
    service = new FakeService('default');
    model = new ClusterModel('default');
  });
  afterEach(async () => {
    model.dispose();
    await service.stop();
    await home.remove();
    if (before === undefined) delete process.env.MESOS_AIRFLOW_HOME;
    else process.env.MESOS_AIRFLOW_HOME = before;
  });
  const phase = async (wanted: string): Promise<unknown> =>
    until(() => model.picture.connection.phase === wanted, { what: wanted, limitMs: 5000 });

  it('finds a service that comes, and sees it brought down, without being asked to look', async () => {
    await phase('absent');
    await service.start();
    await phase('live');
    await service.stop();
    await phase('absent');
    assert.equal(model.picture.state, undefined);
  });

  it('asks for the cluster alone until something is wanted, of the same subscription, and drops what is not any more', async () => {
    service.snapshot.agents = [agentView('agent-1')];
    service.snapshot.tasks = [running('t')];
    await service.start();
    await phase('live');
    assert.deepEqual(service.subscriptions, ['cluster']);
    await until(() => model.picture.state, { what: 'the snapshot' });
    assert.equal(model.picture.state?.agents, undefined);
    model.want(view, new Set(['agents', 'tasks']));
    await until(() => model.picture.state?.agents?.length === 1, { what: 'the agent' });
    const known = (): number | undefined => model.picture.state?.tasks?.size;
    assert.equal(known(), 1);
    assert.equal(service.subscriptions.at(-1), 'cluster,agents,tasks');
    model.want(view, new Set(['tasks']));
    await until(() => model.picture.state?.agents === undefined, { what: 'the agents dropped' });
    assert.equal(known(), 1, 'what is still wanted stays');
    await until(() => service.subscriptions.at(-1) === 'cluster,tasks', {
      what: 'the narrower subscription',
    });
    assert.equal(service.listeners, 1);
    assert.equal(service.opened, 1, 'one stream all the time');
  });

  it('subscribes anew with what is wanted by then where the service has lost the subscription', async () => {
    await service.start();
    await phase('live');
    await until(() => model.picture.state, { what: 'the snapshot' });
    service.forgetSubscriptions();
    service.snapshot.agents = [agentView('agent-1')];
    model.want(view, new Set(['agents']));
    await until(() => model.picture.state?.agents?.length === 1, { what: 'the agent', limitMs: 5000 });
    assert.equal(service.opened, 2);
    await phase('live');
  });

  it('says of pages beyond what a subscription may have that they are too many', async () => {
    await service.start();
    await phase('live');
    const pages = Array.from({ length: mostPageTopics + 2 }, (_, index) => runsTopic(`d${index}`));
    model.want(view, new Set(pages));
    await until(() => model.picture.state?.problems.size === 2, { what: 'the problems' });
    assert.equal(service.subscriptions.at(-1)?.split(',').length, 1 + mostPageTopics);
    model.want(view, new Set(pages.slice(2)));
    await until(() => model.picture.state?.problems.size === 0, { what: 'their end' });
  });

  it('loads older task runs behind the newest', async () => {
    const at = (index: number): TaskRun => running(`t${index}`, { queued: atNoon + index });
    const all = Array.from({ length: 1100 }, (_, index) => at(1099 - index));
    service.snapshot.tasks = all.slice(0, 500);
    service.olderTasks = all.slice(500);
    await service.start();
    model.want(view, new Set(['tasks']));
    await until(() => model.picture.state?.olderTasks === 'more', { what: 'the newest' });
    const known = (): unknown[] => [model.picture.state?.tasks?.size, model.picture.state?.olderTasks];
    const loading = Promise.all([model.loadOlderTasks(), model.loadOlderTasks()]);
    await loading;
    await until(() => model.picture.state?.tasks?.size === 1000, { what: 'the older ones' });
    assert.deepEqual(known(), [1000, 'more']);
    await model.loadOlderTasks();
    await until(() => model.picture.state?.tasks?.size === 1100, { what: 'the oldest' });
    assert.deepEqual(known(), [1100, 'none']);
    await model.loadOlderTasks();
    assert.deepEqual(known(), [1100, 'none']);
  });

  it('asks for what views want beside, together, and drops what none wants any more', async () => {
    await service.start();
    await phase('live');
    const [one, other] = [{}, {}];
    model.want(one, new Set(['dags']));
    model.want(other, new Set(['dags', 'mesos-tasks']));
    await until(() => service.subscriptions.at(-1) === 'cluster,dags,mesos-tasks', { what: 'the wants' });
    service.tell({ type: 'dags', dags: [], import_errors: [] });
    await until(() => model.picture.state?.dags, { what: 'the DAGs' });
    model.want(one, new Set());
    await until(() => model.picture.state?.dags, { what: 'the DAGs, which one still wants' });
    model.want(other, new Set());
    await until(() => model.picture.state?.dags === undefined, { what: 'the DAGs dropped' });
    await until(() => service.subscriptions.at(-1) === 'cluster', { what: 'the narrow subscription' });
  });

  it('follows what changes, gathered', async () => {
    model.want(view, new Set(['tasks']));
    await service.start();
    await phase('live');
    await until(() => model.picture.state?.tasks, { what: 'the snapshot' });
    let told = 0;
    model.onDidChange(() => (told += 1));
    for (let i = 0; i < 200; i += 1) service.tell({ type: 'task', task: running(`t${i}`) });
    await until(() => model.picture.state?.tasks?.size === 200, { what: '200 tasks' });
    assert.ok(told <= 5, `told ${told} times`);
  });

  it('keeps what it knows while the service does not answer, and connects again', async () => {
    model.want(view, new Set(['agents']));
    service.snapshot.agents = [agentView('agent-1')];
    await service.start();
    await until(() => model.picture.state?.agents?.length === 1, { what: 'the agent' });
    await service.breakOff();
    await phase('lost');
    assert.equal(model.picture.state?.agents?.length, 1);
    await service.start();
    await phase('live');
  });

  it('does not start by itself what ended before this window was there', async () => {
    await service.start();
    await phase('live');
    model.dispose();
    await service.endUnstopped();
    model = new ClusterModel('default');
    await phase('ended');
  });

  it('says what to do where the service is of another version', async () => {
    service.protocol = 99;
    await service.start();
    await phase('refused');
    const { connection } = model.picture;
    assert.ok(connection.phase === 'refused' && connection.what.includes('newer'));
  });

  it('turns to another cluster', async () => {
    await service.start();
    await phase('live');
    model.use('other');
    await phase('absent');
    assert.equal(model.client, undefined);
    await until(() => service.listeners === 0, { what: 'the end of the first subscription' });
  });
});
