import assert from 'node:assert/strict';
import type { FrameworkView } from '../../../../../src/api/people.ts';
import type { ClusterPicture } from '../../../../../src/extension/cluster/picture.ts';
import type { PartIncident } from '../../../../../src/extension/commandLine/progress.ts';
import { ClusterViewOf } from '../../../../../src/extension/tree/cluster/view.ts';
import type { Outline } from '../../../../../src/extension/tree/rows.ts';
import {
  agentView,
  atNoon,
  clusterView,
  frameworkView,
  mesosTaskView,
  offerView,
  partView,
  running,
} from '../../../../vscode/support/views.ts';
import { picture, tasks, text } from '../outlines.ts';

/** As a new window shows it; `open`: the rows that are expanded. */
function clusterOutline(shown: ClusterPicture, now: number, ...open: string[]): Outline {
  return new ClusterViewOf().outline(shown, now, new Set(open));
}

const ours = frameworkView('airflow', { id: 'f-1', ours: true });
const spark = frameworkView('spark-shell', { roles: ['analytics'], tasks: 1 });

/** The rows below one, as text. */
function below(outline: Outline, id: string): string[] {
  return (outline.rows.get(id)?.children ?? []).map((child) => {
    const row = outline.rows.get(child);
    return `${row?.label} | ${row?.description}`;
  });
}

describe('the view Cluster', () => {
  it('shows the cluster, its master, agents, frameworks, and what became of offers', () => {
    const outline = clusterOutline(
      picture({
        agents: [
          agentView('agent-1', { used: { cpus: 3, mem: 1229, disk: 0, gpus: 0 } }),
          agentView('agent-2', { active: false }),
          agentView('agent-3', { active: false, deactivated: true }),
        ],
        frameworks: [spark, ours],
        offers: {
          suppressed: false,
          offers: [
            offerView('o3', { agent: 'agent-2' }),
            offerView('o2', { fate: 'accepted', tasks: ['a.1', 'b.1', 'old.1'] }),
            offerView('o1', { fate: 'declined', why: 'Write_report needs 1 cpu.' }),
            offerView('o0', { fate: 'rescinded', why: 'The master took it back.' }),
          ],
        },
        tasks: tasks(running('a', { key: { map_index: 2 } }), running('b', { key: { map_index: 10 } })),
      }),
      atNoon + 5000,
      'offers',
    );
    assert.deepEqual(text(outline), [
      'default | embedded · ready',
      'Master 127.0.0.1:5050 | leading · Mesos 1.11.0 (dev)',
      'Agents (3) | 1 of 4 cpus free · 1 not connected · 1 deactivated',
      '  agent-2 | not connected',
      '  agent-3 | deactivated',
      '  agent-1 | ■■■□ 3 of 4 cpus · 1.2 of 4 GB',
      'Frameworks (2) | 1 task',
      '  airflow (ours) | no tasks · role *',
      '  spark-shell | 1 task · role analytics',
      'Offers | 1 out, 1 taken, 1 declined, 1 rescinded',
      '  agent-2 · 2.5 cpus, 6 GB | outstanding since 12:00:00',
      '  agent-1 · 2.5 cpus, 6 GB | accepted 12:00:00 for summarise[2], [10], 1 more',
      '  agent-1 · 2.5 cpus, 6 GB | declined 12:00:00: write_report needs 1 cpu',
      '  agent-1 · 2.5 cpus, 6 GB | rescinded 12:00:00: the master took it back',
    ]);
    assert.equal(outline.rows.get('agent:id-of-agent-1')?.spoken, '3 of 4 cpus used, 1.2 of 4 GB of memory');
    assert.equal(outline.rows.get('agent:id-of-agent-2')?.icon?.id, 'debug-disconnect');
  });

  it('says what idle offers mean', () => {
    const outline = clusterOutline(
      picture({
        agents: [
          agentView('agent-1', { used: { cpus: 0.5, mem: 0, disk: 0, gpus: 0 } }),
          agentView('agent-2'),
        ],
        offers: { suppressed: true, offers: [] },
      }),
      atNoon,
    );
    assert.equal(
      outline.rows.get('offers')?.description,
      'suppressed, nothing waits; free: 7.5 cpus on 2 agents',
    );
  });

  it('shows below an agent and a framework the unfinished tasks of all frameworks, ours with their logs', () => {
    const shown = picture({
      agents: [agentView('agent-1')],
      frameworks: [ours, spark],
      tasks: tasks(running('a', { key: { map_index: 2 } })),
      mesosTasks: {
        tasks: [
          mesosTaskView('a.1', {
            framework_id: 'f-1',
            framework: 'airflow',
            name: 'weather_report.summarise[2]',
          }),
          mesosTaskView('executor-7', { name: 'shell', state: 'KILLING' }),
          mesosTaskView('far', { agent_id: 'gone', state: 'UNREACHABLE' }),
        ],
        total: 3,
      },
    });
    const outline = clusterOutline(
      shown,
      atNoon,
      'agent:id-of-agent-1',
      'framework:id-of-spark-shell',
      'agent:gone',
    );
    assert.deepEqual(below(outline, 'agent:id-of-agent-1'), [
      'summarise[2] | airflow · running · 1 cpu, 512 MB',
      'shell | spark-shell · being killed · 1 cpu, 512 MB',
    ]);
    assert.deepEqual(below(outline, 'framework:id-of-spark-shell'), [
      'shell | agent-1 · being killed · 1 cpu, 512 MB',
      'far | gone · unreachable · 1 cpu, 512 MB',
    ]);
    assert.equal(outline.rows.get('agent:gone')?.description, 'unreachable');
    const [mine, other] =
      outline.rows.get('agent:id-of-agent-1')?.children.map((id) => outline.rows.get(id)) ?? [];
    assert.deepEqual(
      [mine?.context, mine?.target, mine?.click?.arguments],
      ['runningTaskRun', { task: 'a' }, ['taskRun:a']],
    );
    assert.deepEqual(
      [other?.context, other?.target, other?.click],
      ['endingMesosTask', { mesos_task_id: 'executor-7' }, undefined],
    );
  });

  it('asks for tasks only while something that shows them is expanded', () => {
    const view = new ClusterViewOf();
    assert.deepEqual([...view.topics(new Set(['agents']))], ['cluster', 'agents', 'frameworks', 'offers']);
    assert.ok(view.topics(new Set(['agents', 'agent:1'])).has('mesos-tasks'));
    assert.ok(view.topics(new Set(['frameworks', 'framework:1'])).has('mesos-tasks'));
    // Out of sight: the row above it was collapsed.
    assert.ok(!view.topics(new Set(['frameworks', 'agent:1'])).has('mesos-tasks'));
    assert.deepEqual([...view.topics(new Set(['offers']))].slice(4), ['tasks']);
  });

  it('says below an expanded row that its tasks are coming, that there are none, and why there can be none', () => {
    const id = 'agent:id-of-agent-1';
    const agents = [agentView('agent-1')];
    const rows = (over: Parameters<typeof picture>[0]): string[] =>
      below(clusterOutline(picture({ agents, ...over }), atNoon, id), id);
    assert.deepEqual(rows({}), ['Loading… | ']);
    assert.deepEqual(rows({ mesosTasks: { tasks: [], total: 0 } }), ['No task | ']);
    assert.deepEqual(rows({ mesosTasks: { tasks: [], total: 2500 } }), [
      '2500 more tasks of the cluster are not listed | ',
    ]);
    const problem = { error: 'Too much is open at once', next: 'Collapse some of the others.' };
    assert.deepEqual(rows({ problems: new Map([['mesos-tasks', { problem, gone: false }]]) }), [
      'Too much is open at once | Collapse some of the others.',
    ]);
  });

  it('shows long lists in pages', () => {
    const view = new ClusterViewOf();
    const agents = Array.from({ length: 650 }, (_, index) => agentView(`agent-${index + 1}`));
    const offers = Array.from({ length: 201 }, (_, index) => offerView(`o${index}`));
    const shown = picture({ agents, offers: { suppressed: false, offers } });
    const children = (id: string): readonly string[] =>
      view.outline(shown, atNoon, new Set()).rows.get(id)?.children ?? [];
    assert.deepEqual([children('agents').length, children('agents').at(-1)], [301, 'more:agents']);
    assert.equal(children('offers').length, 101);
    let told = 0;
    view.onDidChange(() => (told += 1));
    view.loadMore('agents');
    view.loadMore('agents');
    assert.deepEqual(
      [told, children('agents').length, children('agents').at(-1)],
      [2, 650, 'agent:id-of-agent-650'],
    );
    assert.equal(children('offers').length, 101);
  });

  it('tells of a master when it leads, and what helps when it does not answer', () => {
    const hour = 3_600_000;
    const master = {
      ...clusterView().master,
      leader: '10.0.0.2:5050',
      started: atNoon - 2 * hour,
      elected: atNoon - hour,
    };
    const parts = [partView('mesos-master')];
    const row = (over: Partial<ReturnType<typeof clusterView>>): ReturnType<Outline['rows']['get']> =>
      clusterOutline(picture({ cluster: clusterView({ master, parts, ...over }) }), atNoon).rows.get(
        'master',
      );
    assert.equal(row({})?.description, 'leading · Mesos 1.11.0 (dev) · up 2 h');
    assert.match(
      row({})?.tooltip ?? '',
      /leader: 10\\\.0\\\.0\\\.2:5050[\s\S]*elected: 11:00:00 \\\(1 h\\\)/,
    );
    const away = {
      master: { ...master, connected: false },
      state: 'degraded',
      problem: 'no master',
    } as const;
    assert.equal(row(away)?.description, 'not connected: it is tried again, click for its log');
    assert.deepEqual(row(away)?.click?.arguments, ['part:mesos-master']);
    assert.match(row(away)?.tooltip ?? '', /no master/);
    assert.equal(row({ ...away, state: 'starting', problem: null })?.description, 'starting');
  });

  it('says of agents and offers that the master is away, and of what was never heard', () => {
    const cluster = clusterView({
      master: { ...clusterView().master, connected: false },
      state: 'degraded',
      problem: 'the framework is not connected',
    });
    const outline = clusterOutline(
      picture({ cluster, agents: [agentView('agent-1')], frameworks: undefined }),
      atNoon,
    );
    assert.equal(outline.rows.get('agents')?.description, '4 of 4 cpus free · as the master said last');
    assert.equal(outline.rows.get('offers')?.description, 'none: the master is not connected');
    assert.match(below(outline, 'frameworks').join(), /^The Mesos master does not answer \| the framework/);
    const starting = clusterOutline(picture({ agents: undefined }), atNoon);
    assert.deepEqual(below(starting, 'agents'), ['Loading… | ']);
  });

  it('shows frameworks that are away as such, with what becomes of their tasks', () => {
    const row = (over: Partial<FrameworkView>): ReturnType<Outline['rows']['get']> =>
      clusterOutline(picture({ frameworks: [frameworkView('f', over)] }), atNoon).rows.get(
        'framework:id-of-f',
      );
    assert.equal(row({ connected: false })?.description, 'not connected · no tasks · role *');
    assert.match(row({ connected: false })?.tooltip ?? '', /failover/);
    assert.equal(row({ connected: false })?.click?.command, 'mesosAirflow.openMesos');
    assert.equal(row({ connected: false, ours: true })?.click?.command, 'mesosAirflow.showServiceLog');
    assert.match(row({ active: false })?.description ?? '', /^inactive: it gets no offers/);
    assert.deepEqual([row({})?.context, row({})?.click], ['activeFramework', undefined]);
  });

  it('says what is wrong with the cluster in its own row, and of its connection above all', () => {
    const cluster = clusterView({ state: 'degraded', problem: 'the scheduler died three times' });
    const degraded = clusterOutline(picture({ cluster }), atNoon);
    assert.equal(text(degraded)[0], 'default | embedded · degraded: the scheduler died three times');
    assert.equal(degraded.rows.get('cluster')?.icon?.id, 'warning');
    const lost = clusterOutline(picture({}, { connection: { phase: 'lost', why: 'it broke' } }), atNoon);
    assert.equal(text(lost)[0], 'The cluster does not answer | it broke · trying again');
    assert.ok(lost.rows.has('cluster'));
  });

  it('escapes what comes from elsewhere', () => {
    const name = '[click](command:evil) <img src=x>';
    const shown = picture({
      agents: [agentView('agent-1', { name, attributes: { rack: name } })],
      frameworks: [frameworkView('f', { name, user: name })],
      offers: { suppressed: false, offers: [offerView('o', { agent: name, why: name, fate: 'declined' })] },
      mesosTasks: { tasks: [mesosTaskView('t', { name, framework: name })], total: 1 },
    });
    const outline = clusterOutline(shown, atNoon, 'agent:id-of-agent-1', 'offers');
    for (const { id, tooltip = '' } of outline.rows.values()) {
      assert.doesNotMatch(tooltip, /(?<!\\)(\[click|<img)/, id);
    }
  });

  it('opens the parts while one is not ready, and closes them after', () => {
    const parts = [
      partView('mesos-master'),
      partView('api-server', { state: 'starting', detail: 'warming up' }),
    ];
    const outline = clusterOutline(picture({ cluster: clusterView({ state: 'starting', parts }) }), atNoon);
    assert.deepEqual(text(outline).slice(0, 3), [
      'default | embedded · starting · 1 of 2 parts ready',
      '  mesos-master | ready',
      '  api-server | starting · warming up',
    ]);
    assert.equal(outline.rows.get('cluster:unsettled')?.opens, 'open');
    assert.deepEqual(outline.rows.get('part:api-server')?.click?.arguments, ['part:api-server']);
    const ready = parts.map((each) => ({ ...each, state: 'ready' as const }));
    const settled = clusterOutline(picture({ cluster: clusterView({ parts: ready }) }), atNoon);
    assert.equal(settled.rows.get('cluster')?.opens, 'closed');
  });

  it('says of a cluster in Docker whose Mesos runs and why, and names its containers', () => {
    const cluster = clusterView({
      engine: 'docker',
      mesos: { distribution: 'apache', why: 'its images are on this machine' },
      parts: [partView('scheduler', { container: 'airflow-on-mesos-default-scheduler', pid: null })],
    });
    const outline = clusterOutline(picture({ cluster }), atNoon);
    assert.deepEqual(text(outline).slice(0, 2), [
      'default | Docker · ready',
      '  scheduler | ready · airflow-on-mesos-default-scheduler',
    ]);
    assert.equal(outline.rows.get('master')?.description, 'leading · Mesos 1.11.0 (Apache)');
    const tooltip = outline.rows.get('master')?.tooltip ?? '';
    assert.match(tooltip, /why this Mesos: its images are on this machine/);
  });

  it('shows a part whose container died by what Docker told, until the service knows better', () => {
    const container = 'airflow-on-mesos-default-scheduler';
    const died: PartIncident = {
      type: 'incident',
      part: 'scheduler',
      state: 'exited',
      detail: 'exit status 137, killed',
      lines: ['loading DAGs', 'Killed ```'],
      at: atNoon + 500,
    };
    const shown = (since: number, incident: PartIncident): Outline => {
      const parts = [partView('scheduler', { container, pid: null, since })];
      const incidents = new Map([['scheduler', incident]]);
      return clusterOutline(
        picture({ cluster: clusterView({ engine: 'docker', parts }) }, { incidents }),
        atNoon + 1000,
      );
    };
    const dead = shown(atNoon, died);
    assert.deepEqual(text(dead).slice(0, 2), [
      'default | Docker · 0 of 1 parts ready',
      '  scheduler | exited · exit status 137, killed',
    ]);
    const row = dead.rows.get('part:scheduler');
    assert.deepEqual([row?.icon?.id, row?.context], ['debug-disconnect', 'exitedPart']);
    assert.ok(row?.tooltip?.includes('````text\nloading DAGs\nKilled ```\n````'), row?.tooltip);
    assert.equal(shown(atNoon + 900, died).rows.get('part:scheduler')?.context, 'readyPart');
    const running = { ...died, state: 'running', at: atNoon + 600 } as const;
    assert.equal(shown(atNoon, running).rows.get('part:scheduler')?.context, 'readyPart');
  });
});
