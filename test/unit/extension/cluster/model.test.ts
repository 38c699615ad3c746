import assert from 'node:assert/strict';
import { ClusterModel } from '../../../../src/extension/cluster/model.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';
import { FakeService } from '../../../vscode/support/fakeService.ts';
import { agentView, clusterView, running } from '../../../vscode/support/views.ts';

describe('ClusterModel', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: FakeService;
  let model: ClusterModel;
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

  it('asks for counts alone until a tree is visible, and keeps what the tree had when it is hidden', async () => {
    service.snapshot.agents = [agentView('agent-1')];
    await service.start();
    await phase('live');
    assert.deepEqual(service.subscriptions, ['cluster']);
    model.setDetail('all');
    await until(() => service.subscriptions.length === 2, { what: 'the wide subscription' });
    assert.equal(service.subscriptions[1], 'cluster,agents,offers,tasks');
    await until(() => model.picture.state?.agents.length === 1, { what: 'the agent' });
    service.snapshot.agents = [];
    model.setDetail('counts');
    await until(() => service.subscriptions.length === 3, { what: 'the narrow subscription' });
    service.tell({ type: 'cluster', cluster: clusterView({ state: 'degraded' }) });
    await until(() => model.picture.state?.cluster.state === 'degraded', { what: 'the change' });
    assert.equal(model.picture.state?.agents.length, 1);
    await until(() => service.listeners === 1, { what: 'the wide subscription’s end' });
  });

  it('asks for what views want beside, together, and drops what none wants any more', async () => {
    await service.start();
    await phase('live');
    const [one, other] = [{}, {}];
    model.want(one, new Set(['dags']));
    model.want(other, new Set(['dags', 'mesos-tasks']));
    await until(() => service.listeners === 1 && service.subscriptions.length === 2, { what: 'the wants' });
    assert.equal(service.subscriptions[1], 'cluster,dags,mesos-tasks');
    service.tell({ type: 'dags', dags: [], import_errors: [] });
    await until(() => model.picture.state?.dags, { what: 'the DAGs' });
    model.want(one, new Set());
    await until(() => model.picture.state?.dags, { what: 'the DAGs, which one still wants' });
    model.want(other, new Set());
    await until(() => model.picture.state?.dags === undefined, { what: 'the DAGs dropped' });
    await until(() => service.subscriptions.at(-1) === 'cluster', { what: 'the narrow subscription' });
  });

  it('follows what changes, gathered', async () => {
    model.setDetail('all');
    await service.start();
    await phase('live');
    await until(() => model.picture.state, { what: 'the snapshot' });
    let told = 0;
    model.onDidChange(() => (told += 1));
    for (let i = 0; i < 200; i += 1) service.tell({ type: 'task', task: running(`t${i}`) });
    await until(() => model.picture.state?.tasks.size === 200, { what: '200 tasks' });
    assert.ok(told <= 5, `told ${told} times`);
  });

  it('keeps what it knows while the service does not answer, and connects again', async () => {
    model.setDetail('all');
    service.snapshot.agents = [agentView('agent-1')];
    await service.start();
    await until(() => model.picture.state?.agents.length === 1, { what: 'the agent' });
    await service.breakOff();
    await phase('lost');
    assert.equal(model.picture.state?.agents.length, 1);
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
