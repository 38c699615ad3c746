import assert from 'node:assert/strict';
import type { PartIncident } from '../../../../../src/extension/commandLine/progress.ts';
import type { Outline } from '../../../../../src/extension/tree/rows.ts';
import { clusterOutline } from '../../../../../src/extension/tree/cluster/view.ts';
import {
  agentView,
  atNoon,
  clusterView,
  offerView,
  partView,
  running,
} from '../../../../vscode/support/views.ts';
import { picture, tasks, text } from '../outlines.ts';

describe('the view Cluster', () => {
  it('shows agents, and what became of offers', () => {
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
        tasks: tasks(running('a', { key: { map_index: 2 } }), running('b', { key: { map_index: 10 } })),
      }),
      atNoon + 5000,
    );
    assert.deepEqual(text(outline), [
      'default | embedded · Mesos 1.11.0 (dev)',
      'Agents (2) | 1 of 4 cpus free',
      '  agent-1 | ▮▮▮▯ 3 of 4 cpus · 1.2 of 4 GB',
      '  agent-2 | not connected',
      'Offers | 1 out, 1 taken, 1 declined',
      '  agent-2 · 2.5 cpus, 6 GB | outstanding 12:00:00',
      '  agent-1 · 2.5 cpus, 6 GB | accepted 12:00:00 for summarise[2], [10]',
      '  agent-1 · 2.5 cpus, 6 GB | declined 12:00:00: write_report needs 1 cpu',
    ]);
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
});
