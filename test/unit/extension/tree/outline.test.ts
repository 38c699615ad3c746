import assert from 'node:assert/strict';
import type { ClusterState } from '../../../../src/extension/cluster/state.ts';
import { clusterOutline, type ClusterPicture } from '../../../../src/extension/tree/clusterOutline.ts';
import type { PartIncident } from '../../../../src/extension/commandLine/progress.ts';
import { changesBetween, type Outline } from '../../../../src/extension/tree/rows.ts';
import {
  agentView,
  atNoon,
  clusterState,
  clusterView,
  offerView,
  partView,
  running,
  taskRun,
} from '../../../vscode/support/views.ts';

function picture(over: Partial<ClusterState> = {}, rest: Partial<ClusterPicture> = {}): ClusterPicture {
  const state = clusterState({ offers: { suppressed: false, offers: [] }, ...over });
  return { connection: { phase: 'live' }, starting: undefined, state, ...rest };
}

const tasks = (...runs: ReturnType<typeof taskRun>[]): ClusterState['tasks'] =>
  new Map(runs.map((run) => [run.id, run]));

/** The tree as text, one row a line, indented. */
function text(outline: Outline): string[] {
  const lines: string[] = [];
  const add = (ids: readonly string[], indent: string): void => {
    for (const id of ids) {
      const row = outline.rows.get(id);
      assert.ok(row, `${id} has a row`);
      lines.push(`${indent}${row.label} | ${row.description}`);
      add(row.children, `${indent}  `);
    }
  };
  add(outline.roots, '');
  return lines;
}

describe('clusterOutline', () => {
  it('is empty where there is no cluster, so that the welcome shows', () => {
    const nothing: ClusterPicture = {
      connection: { phase: 'absent' },
      starting: undefined,
      state: undefined,
    };
    assert.deepEqual(clusterOutline(nothing, atNoon).roots, []);
  });

  it('shows agents, offers and task runs', () => {
    const noon = new Date(atNoon - 10_000).toISOString();
    const key = { run_id: `manual__${noon}` };
    const outline = clusterOutline(
      picture({
        agents: [
          agentView('agent-1', { used: { cpus: 3, mem: 1229, disk: 0, gpus: 0 } }),
          agentView('agent-2', { active: false }),
        ],
        offers: {
          suppressed: false,
          offers: [
            offerView('o3', { agent: 'agent-2' }),
            offerView('o2', { fate: 'accepted', tasks: ['a.1', 'b.1'] }),
            offerView('o1', { fate: 'declined', why: 'Write_report needs 1 cpu.' }),
          ],
        },
        tasks: tasks(
          running('a', { key: { ...key, map_index: 2 } }),
          running('b', {
            key: { ...key, map_index: 10 },
            state: 'finished',
            airflow_state: 'success',
            ended: atNoon + 1800,
          }),
          taskRun('c', {
            key: { ...key, task_id: 'write_report', try_number: 2 },
            waits: 'no agent has 8 cpus',
          }),
        ),
      }),
      atNoon + 5000,
    );
    assert.deepEqual(text(outline), [
      'default | embedded · Mesos 1.11.0 (dev)',
      'Task runs | 1 running, 1 waiting, 1 success',
      '  weather_report | manual 11:59:50 · 1 running, 1 waiting, 1 success',
      '    summarise[2] | running · agent-1 · < 1 min',
      '    summarise[10] | success · agent-1 · 0.8 s',
      '    write_report · try 2 | waiting: no agent has 8 cpus',
      'Agents (2) | 1 of 4 cpus free',
      '  agent-1 | ▮▮▮▯ 3 of 4 cpus · 1.2 of 4 GB',
      '  agent-2 | not connected',
      'Offers | 1 out, 1 taken, 1 declined',
      '  agent-2 · 2.5 cpus, 6 GB | outstanding 12:00:00',
      '  agent-1 · 2.5 cpus, 6 GB | accepted 12:00:00 for summarise[2], [10]',
      '  agent-1 · 2.5 cpus, 6 GB | declined 12:00:00: write_report needs 1 cpu',
    ]);
  });

  it('puts the newest run first, and the tasks of a run in their order', () => {
    const outline = clusterOutline(
      picture({
        tasks: tasks(
          taskRun('old', { key: { run_id: 'first' }, queued: atNoon - 60_000 }),
          taskRun('b', { key: { run_id: 'second', task_id: 'load' }, queued: atNoon + 2 }),
          taskRun('a', { key: { run_id: 'second', task_id: 'extract' }, queued: atNoon + 1 }),
        ),
      }),
      atNoon,
    );
    const runs = outline.rows.get('taskRuns')?.children ?? [];
    assert.deepEqual(runs, ['run:weather_report/second', 'run:weather_report/first']);
    assert.deepEqual(outline.rows.get(runs[0] ?? '')?.children, ['taskRun:a', 'taskRun:b']);
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

  it('opens the parts while one is not ready, and closes them after', () => {
    const parts = [
      partView('mesos-master'),
      partView('api-server', { state: 'starting', detail: 'warming up' }),
    ];
    const outline = clusterOutline(picture({ cluster: clusterView({ state: 'starting', parts }) }), atNoon);
    assert.deepEqual(text(outline).slice(0, 3), [
      'default | embedded · Mesos 1.11.0 (dev) · 1 of 2 parts ready',
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
      'default | Docker · Mesos 1.11.0 (Apache)',
      '  scheduler | ready · airflow-on-mesos-default-scheduler',
    ]);
    const tooltip = outline.rows.get('cluster')?.tooltip ?? '';
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
      'default | Docker · Mesos 1.11.0 (dev) · 0 of 1 parts ready',
      '  scheduler | exited · exit status 137, killed',
    ]);
    const row = dead.rows.get('part:scheduler');
    assert.deepEqual([row?.icon?.id, row?.context], ['debug-disconnect', 'exitedPart']);
    assert.ok(row?.tooltip?.includes('````text\nloading DAGs\nKilled ```\n````'), row?.tooltip);
    assert.equal(shown(atNoon + 900, died).rows.get('part:scheduler')?.context, 'readyPart');
    const running = { ...died, state: 'running', at: atNoon + 600 } as const;
    assert.equal(shown(atNoon, running).rows.get('part:scheduler')?.context, 'readyPart');
  });

  it('shows trouble first, as a row with a remedy, and keeps what was known', () => {
    const lost = clusterOutline(
      picture(
        { agents: [agentView('agent-1')] },
        { connection: { phase: 'lost', why: 'the connection broke' } },
      ),
      atNoon,
    );
    assert.equal(text(lost)[0], 'The cluster does not answer | the connection broke · trying again');
    assert.equal(lost.rows.get('trouble')?.click?.command, 'mesosAirflow.showServiceLog');
    const inDocker = clusterOutline(
      picture({}, { connection: { phase: 'lost', why: 'Docker does not answer', startable: true } }),
      atNoon,
    );
    assert.equal(
      text(inDocker)[0],
      'The cluster does not answer | Docker does not answer · trying again, click to start it',
    );
    assert.equal(inDocker.rows.get('trouble')?.click?.command, 'mesosAirflow.start');
    assert.ok(lost.rows.has('agent:id-of-agent-1'));
    const degraded = clusterOutline(
      picture({ cluster: clusterView({ state: 'degraded', problem: 'the scheduler died three times' }) }),
      atNoon,
    );
    assert.equal(text(degraded)[0], 'The cluster is degraded | the scheduler died three times');
  });

  it('shows the phase of a start before there is a service', () => {
    const outline = clusterOutline(
      {
        connection: { phase: 'absent' },
        starting: { phase: 'Python environment', detail: '40 of 132 packages' },
        state: undefined,
      },
      atNoon,
    );
    assert.deepEqual(text(outline), ['Python environment | 40 of 132 packages']);
  });

  it('escapes what comes from elsewhere', () => {
    const info = '[click](command:evil) <img src=x>';
    const outline = clusterOutline(
      picture({ tasks: tasks(running('a', { state: 'failed', info, ended: atNoon })) }),
      atNoon,
    );
    const tooltip = outline.rows.get('taskRun:a')?.tooltip ?? '';
    assert.ok(tooltip.includes('\\[click\\]\\(command:evil\\) \\<img'), tooltip);
  });
});

describe('changesBetween', () => {
  const at = (now: number, ...runs: ReturnType<typeof taskRun>[]): Outline =>
    clusterOutline(picture({ tasks: tasks(...runs) }), now);

  it('names only the rows that changed, and those above whose counts did', () => {
    const before = at(atNoon, running('a'), running('b', { key: { task_id: 'other' } }));
    const ended = running('a', { state: 'finished', airflow_state: 'success', ended: atNoon + 2000 });
    const after = at(atNoon, ended, running('b', { key: { task_id: 'other' } }));
    assert.deepEqual(changesBetween(before, after), [
      'taskRun:a',
      'run:weather_report/manual__2026-11-23T11:59:50.123+00:00',
      'taskRuns',
    ]);
  });

  it('names the parent of a new row, not the row', () => {
    const before = at(atNoon, running('a'));
    const after = at(atNoon, running('a'), running('b', { key: { map_index: 1 } }));
    assert.ok(!changesBetween(before, after).includes('taskRun:b'));
    assert.ok(changesBetween(before, after).includes('taskRuns'));
  });

  it('names nothing while only seconds pass', () => {
    const run = running('a');
    assert.deepEqual(changesBetween(at(atNoon + 2000, run), at(atNoon + 9000, run)), []);
  });

  it('asks for all only where the top rows are others', () => {
    const before = at(atNoon);
    const after = clusterOutline(picture({}, { connection: { phase: 'lost', why: 'x' } }), atNoon);
    assert.equal(changesBetween(before, after), 'all');
  });
});
