import assert from 'node:assert/strict';
import type { ClusterView } from '../../../src/api/people.ts';
import type { PartIncident } from '../../../src/extension/commandLine/progress.ts';
import {
  statusText as statusTextOf,
  type Beside,
  type StatusText,
} from '../../../src/extension/statusText.ts';
import type { ClusterPicture } from '../../../src/extension/cluster/picture.ts';
import { atNoon, clusterState, clusterView, partView } from '../../vscode/support/views.ts';

const statusText = (picture: ClusterPicture, beside?: Beside): StatusText | undefined =>
  statusTextOf(picture, 'default', beside);

function live(over: Partial<ClusterView>): ClusterPicture {
  const state = clusterState({ cluster: clusterView(over) });
  return { connection: { phase: 'live' }, starting: undefined, state };
}

describe('statusText', () => {
  it('says nothing where there is no cluster', () => {
    assert.equal(
      statusText({ connection: { phase: 'absent' }, starting: undefined, state: undefined }),
      undefined,
    );
  });

  it('offers to start a cluster that was there, and says where it stopped itself', () => {
    const absent = { connection: { phase: 'absent' }, starting: undefined, state: undefined } as const;
    assert.deepEqual(statusText(absent, { whatElse: { stopped: true, others: ['box'] } }), {
      text: '$(circle-outline) Mesos Airflow: stopped',
      tooltip: 'The cluster default is stopped; its runs are kept. Click to start it.',
      look: 'plain',
      click: 'start',
    });
    const itself = { at: Date.now(), idle_s: 3600 };
    assert.match(
      statusText(absent, { whatElse: { stopped: true, itself, others: [] } })?.tooltip ?? '',
      /^The cluster default stopped itself at \d\d:\d\d after an hour in which nobody looked and nothing ran; its runs/,
    );
  });

  it('offers to choose among others that run where the workspace has none', () => {
    const absent = { connection: { phase: 'absent' }, starting: undefined, state: undefined } as const;
    const one = statusText(absent, { whatElse: { stopped: false, others: ['box'] } });
    assert.equal(one?.text, '$(circle-outline) Mesos Airflow: box runs');
    assert.equal(one.click, 'choose');
    const two = statusText(absent, { whatElse: { stopped: false, others: ['box', 'crate'] } });
    assert.equal(two?.text, '$(circle-outline) Mesos Airflow: 2 others run');
    assert.match(two.tooltip, /of this workspace, default, was not started yet\. Others run: box, crate\./);
  });

  it('gives the counts that are not zero', () => {
    const counts = { waiting: 1, launched: 0, running: 3, failed: 2, finished: 9 };
    assert.equal(statusText(live({ counts }))?.text, '$(check) Mesos Airflow · 3 running · 1 waiting');
    assert.equal(statusText(live({}))?.text, '$(check) Mesos Airflow · idle');
    const { text, look } = statusText(live({ counts }), { ownFailures: 2 }) ?? {};
    assert.deepEqual([text, look], ['$(error) Mesos Airflow · 2 failed · 3 running · 1 waiting', 'error']);
    const docker = statusText(
      live({ engine: 'docker', mesos: { distribution: 'apache', why: 'its images are there' } }),
    );
    assert.equal(docker?.text, '$(check) Mesos Airflow · idle');
    assert.equal(
      docker.tooltip,
      'The cluster default (Docker, Mesos 1.11.0 (Apache)) is ready. Airflow: http://127.0.0.1:8080',
    );
  });

  it('names the phase of a start, then the part that is not ready', () => {
    const starting = { phase: 'Python environment', detail: '40 of 132 packages' };
    assert.deepEqual(statusText({ connection: { phase: 'absent' }, starting, state: undefined }), {
      text: '$(sync~spin) Mesos Airflow: Python environment…',
      tooltip: 'default: 40 of 132 packages',
      look: 'plain',
      click: 'show',
    });
    const inDocker = { ...starting, engine: 'docker' } as const;
    assert.equal(
      statusText({ connection: { phase: 'absent' }, starting: inDocker, state: undefined })?.text,
      '$(sync~spin) Mesos Airflow: Python environment…',
    );
    const part = { pid: 1, restarts: 0, log: '', since: 0 };
    const parts = [
      { ...part, name: 'mesos-master', state: 'ready', detail: '' } as const,
      { ...part, name: 'api-server', state: 'starting', detail: 'warming up' } as const,
    ];
    assert.equal(
      statusText(live({ state: 'starting', parts }))?.text,
      '$(sync~spin) Mesos Airflow: api-server…',
    );
  });

  it('tells of a part that died before the service does', () => {
    const parts = [partView('scheduler', { container: 'airflow-on-mesos-default-scheduler' })];
    const detail = 'killed: out of memory';
    const died: PartIncident = {
      type: 'incident',
      part: 'scheduler',
      state: 'exited',
      detail,
      lines: [],
      at: atNoon + 1,
    };
    const picture = { ...live({ engine: 'docker', parts }), incidents: new Map([['scheduler', died]]) };
    assert.deepEqual(statusText(picture), {
      text: '$(warning) Mesos Airflow: scheduler exited',
      tooltip: `default (Docker): ${detail}`,
      look: 'warning',
      click: 'show',
    });
  });

  it('is loud only where something is wrong', () => {
    assert.equal(statusText(live({ state: 'degraded', problem: 'x' }))?.look, 'warning');
    assert.equal(statusText(live({ state: 'failed', problem: 'x' }))?.look, 'error');
    const lost = { connection: { phase: 'lost', why: 'x' }, starting: undefined, state: undefined } as const;
    assert.equal(statusText(lost)?.look, 'warning');
  });
});
