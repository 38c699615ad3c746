import assert from 'node:assert/strict';
import type { ClusterSpec } from '../../../src/api/cluster.ts';
import type { PartView } from '../../../src/api/people.ts';
import type { TaskInstance } from '../../../src/airflow/answers.ts';
import type { FrameworkStatus, TaskRecord } from '../../../src/framework/types.ts';
import type { AgentEntry, FrameworkEntry, Task } from '../../../src/mesos/types.ts';
import { dagRunViewOf } from '../../../src/service/airflow/runs.ts';
import { MesosWatch, type MasterSource } from '../../../src/service/mesosWatch.ts';
import { clusterViewOf, type ClusterFacts } from '../../../src/service/views/cluster.ts';
import { agentViewOf, frameworkViewsOf } from '../../../src/service/views/mesos.ts';
import { until } from '../../support/until.ts';
import { dockerSpec } from './dockerSpec.ts';

const spec: ClusterSpec = {
  format: 1,
  name: 'c',
  engine: 'embedded',
  created: 1,
  service: { port: 1, program: '', node: '' },
  mesos: { program: '', master_port: 5050, agents: [] },
  framework: {
    name: 'airflow',
    role: '*',
    user: 'me',
    default_resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
  },
  airflow: { deployment: 'd', python: '', version: '', port: 8080, dags_folder: '/dags', env: {} },
};

function part(name: string, state: PartView['state'], detail = ''): PartView {
  return { name, state, pid: 1, detail, restarts: 0, log: '', since: 1 };
}

function status(more: Partial<FrameworkStatus> = {}): FrameworkStatus {
  return {
    state: 'subscribed',
    framework_id: 'F',
    master: null,
    suppressed: true,
    unconfirmed: 0,
    disconnection: null,
    problem: null,
    counts: {
      queued: 1,
      launched: 2,
      starting: 3,
      running: 4,
      finished: 5,
      failed: 6,
      killed: 7,
      lost: 8,
      superseded: 9,
    },
    ...more,
  };
}

function cluster(more: Partial<ClusterFacts>) {
  return clusterViewOf({
    spec,
    version: '1',
    parts: [part('mesos-master', 'ready'), part('api-server', 'ready')],
    framework: status(),
    failedInAirflow: 0,
    leader: {},
    shown: { master: 'http://127.0.0.1:5050', airflow: 'http://127.0.0.1:8080' },
    trouble: undefined,
    wasReady: false,
    isStopping: false,
    started: 1,
    ...more,
  });
}

describe('the view of a cluster', () => {
  it('counts task runs as people think of them', () => {
    assert.deepEqual(cluster({}).counts, { waiting: 1, launched: 5, running: 4, failed: 14, finished: 5 });
    // The process of a failed task ends well.
    const { failed, finished } = cluster({ failedInAirflow: 2 }).counts;
    assert.deepEqual([failed, finished], [16, 3]);
  });

  it('is ready when all parts are and the framework is connected', () => {
    assert.equal(cluster({}).state, 'ready');
    assert.equal(cluster({ framework: status({ state: 'subscribing' }) }).state, 'starting');
    assert.equal(cluster({ parts: [part('a', 'waiting')] }).state, 'starting');
    assert.equal(cluster({ isStopping: true }).state, 'stopping');
  });

  it('tells a start that failed from a running cluster that lost something', () => {
    const failed = [part('a', 'ready'), part('b', 'failed', 'no such file')];
    const before = cluster({ parts: failed });
    assert.deepEqual([before.state, before.problem], ['failed', 'b: no such file']);
    const after = cluster({ parts: failed, wasReady: true });
    assert.deepEqual([after.state, after.problem], ['degraded', 'b: no such file']);
    const restarting = cluster({ parts: [part('b', 'restarting')], wasReady: true });
    assert.deepEqual([restarting.state, restarting.problem], ['degraded', 'b is restarting']);
    const cut = cluster({
      framework: status({ state: 'disconnected', disconnection: 'no route' }),
      wasReady: true,
    });
    assert.deepEqual([cut.state, cut.master.connected], ['degraded', false]);
    assert.match(cut.problem ?? '', /no route/);
  });

  it('names the DAG folder as this machine has it, and in Docker where it is mounted', () => {
    assert.equal(cluster({}).dags_folder, '/dags');
    assert.ok(!('dags_mount' in cluster({})));
    const { dags_folder, dags_mount } = cluster({ spec: dockerSpec() });
    assert.deepEqual([dags_folder, dags_mount], ['/home/me/dags', '/opt/mesos-airflow/dags']);
  });

  it('says what the cluster goes without', () => {
    const { state, problem } = cluster({ trouble: 'The secret A cannot be had' });
    assert.deepEqual([state, problem], ['degraded', 'The secret A cannot be had']);
  });

  it('does not blame the framework while the master comes up', () => {
    const framework = status({ state: 'disconnected', problem: 'nobody answers' });
    assert.equal(cluster({ framework, parts: [part('mesos-master', 'starting')] }).state, 'starting');
    assert.equal(cluster({ framework }).state, 'failed');
    assert.equal(cluster({ framework, wasReady: true }).problem, 'nobody answers');
  });
});

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value } });

function agent(id: string, more: Partial<AgentEntry> = {}): AgentEntry {
  return {
    agent_info: { hostname: `host-${id}`, id: { value: id }, port: 5051, attributes: [] },
    active: true,
    version: '1.11.0',
    pid: `slave(1)@10.0.0.1:5051`,
    total_resources: [scalar('cpus', 4), scalar('mem', 100)],
    ...more,
  };
}

describe('the views of Mesos', () => {
  it('name an agent by its attribute, and find it by its own address', () => {
    const named = agent('S0', {
      agent_info: {
        hostname: 'inside.docker',
        attributes: [
          { name: 'name', type: 'TEXT', text: { value: 'agent-1' } },
          { name: 'rack', type: 'SCALAR', scalar: { value: 7 } },
        ],
      },
      allocated_resources: [scalar('cpus', 0.1), scalar('cpus', 0.2)],
    });
    const view = agentViewOf(named);
    assert.deepEqual([view.name, view.address, view.attributes.rack], ['agent-1', '10.0.0.1:5051', '7']);
    assert.deepEqual(view.used, { cpus: 0.3, mem: 0, disk: 0, gpus: 0 });
    assert.equal(agentViewOf(agent('S1')).name, 'host-S1');
    const away = agentViewOf({ ...agent('S1'), active: false });
    assert.deepEqual([away.active, away.deactivated], [false, undefined]);
    const out = agentViewOf({ ...agent('S1'), active: false, deactivated: true });
    assert.deepEqual([out.active, out.deactivated], [false, true]);
  });

  it('count what a framework has going, and know our own', () => {
    const entry: FrameworkEntry = {
      framework_info: { user: 'me', name: 'airflow', id: { value: 'F' }, roles: ['*'] },
      active: true,
      connected: true,
    };
    const task = (state: Task['state'], framework = 'F'): Task => ({
      name: '',
      task_id: { value: 't' },
      framework_id: { value: framework },
      agent_id: { value: 'S0' },
      state,
    });
    const tasks = [
      task('TASK_RUNNING'),
      task('TASK_STAGING'),
      task('TASK_FINISHED'),
      task('TASK_RUNNING', 'G'),
    ];
    const [view] = frameworkViewsOf([entry], tasks, 'F');
    assert.deepEqual([view?.tasks, view?.ours], [2, true]);
    assert.equal(frameworkViewsOf([entry], tasks, null)[0]?.ours, false);
  });
});

describe('the watch over Mesos', () => {
  function source(): MasterSource & { asked: number; entries: AgentEntry[]; fails: boolean } {
    return {
      asked: 0,
      entries: [agent('S10'), agent('S2')],
      fails: false,
      agents() {
        this.asked += 1;
        return this.fails ? Promise.reject(new Error('no master')) : Promise.resolve([...this.entries]);
      },
      frameworks: () => Promise.resolve([]),
      tasks: () => Promise.resolve([]),
    };
  }

  it('asks once for all who want to know at the same time, and not again at once', async () => {
    const master = source();
    const watch = new MesosWatch(master, () => null);
    const [state] = await Promise.all([watch.current(), watch.current()]);
    await watch.current();
    assert.equal(master.asked, 1);
    assert.deepEqual(
      state.agents.map(({ name }) => name),
      ['host-S2', 'host-S10'],
    );
  });

  it('asks only while somebody follows, and tells what changed', async () => {
    const master = source();
    const watch = new MesosWatch(master, () => null);
    let told = 0;
    watch.on('agents', () => (told += 1));
    watch.nudge();
    assert.equal(master.asked, 0);
    watch.follow(true);
    await until(() => told === 1);
    master.entries.pop();
    watch.nudge();
    watch.nudge();
    await until(() => told === 2);
    assert.equal(master.asked, 2);
    watch.follow(false);
    watch.nudge();
    assert.equal(watch.latest.agents.length, 1);
  });

  it('keeps what it saw while the master is away, and says so to who asks', async () => {
    const master = source();
    master.fails = true;
    const watch = new MesosWatch(master, () => null);
    await assert.rejects(watch.current(), /no master/);
    master.fails = false;
    assert.equal((await watch.current()).agents.length, 2);
  });
});

describe('the view of a run', () => {
  const run = {
    dag_id: 'd',
    run_id: 'r',
    state: 'running',
    run_type: 'manual',
    run_after: 1,
    queued: 1,
    started: 2,
    ended: null,
  };
  const instance = (task_id: string, try_number: number, state: string | null): TaskInstance => ({
    dag_id: 'd',
    run_id: 'r',
    task_id,
    map_index: -1,
    try_number,
    max_tries: 1,
    state,
    operator: null,
    queued: null,
    started: 3,
    ended: null,
  });

  it('joins what Airflow has with where it ran, try by try', () => {
    const record = (task_id: string, try_number: number, mesos: string, queued: number): TaskRecord => ({
      id: mesos,
      deployment: 'd',
      key: { dag_id: 'd', run_id: 'r', task_id, map_index: -1, try_number },
      state: 'running',
      mesos_task_id: mesos,
      attempt: 1,
      agent_id: 'S0',
      agent: 'agent-1',
      resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
      constraints: {},
      priority: 0,
      queue: null,
      waits: null,
      info: '',
      queued,
      launched: null,
      started: null,
      ended: null,
    });
    const view = dagRunViewOf(
      run,
      [instance('a', 2, 'running'), instance('b', 0, null)],
      // Newest first, as the framework lists them; the try came back after a deferral.
      [record('a', 2, 'again', 30), record('a', 2, 'deferred', 20), record('a', 1, 'first', 10)],
      { order: ['b', 'a'], upstream: new Map([['a', ['b']]]), retryMs: new Map() },
    );
    assert.deepEqual(
      view.tasks.map((task) => [task.task_id, task.mesos_task_id, task.agent, task.queued, task.upstream]),
      [
        ['b', null, null, null, []],
        ['a', 'again', 'agent-1', 30, ['b']],
      ],
    );
  });

  it('says of what failed when it is tried again, as far as that can be known', () => {
    const failed = { ...instance('a', 2, 'up_for_retry'), max_tries: 2, ended: 10_000 };
    const retryOf = (one: TaskInstance, retryMs: ReadonlyMap<string, number>): unknown =>
      dagRunViewOf(run, [one], [], { order: ['a'], upstream: new Map(), retryMs }).tasks[0]?.retry;
    assert.deepEqual(retryOf(failed, new Map([['a', 5000]])), { tries: 3, at: 15_000 });
    assert.deepEqual(retryOf(failed, new Map()), { tries: 3, at: null });
    assert.equal(retryOf({ ...failed, state: 'failed' }, new Map([['a', 5000]])), undefined);
  });
});
