import assert from 'node:assert/strict';
import type { ClusterView } from '../../../src/api/people.ts';
import type { PartIncident } from '../../../src/extension/commandLine/progress.ts';
import { statusText } from '../../../src/extension/statusText.ts';
import type { ClusterPicture } from '../../../src/extension/cluster/picture.ts';
import { atNoon, clusterState, clusterView, partView } from '../../vscode/support/views.ts';

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

  it('gives the counts that are not zero', () => {
    const counts = { waiting: 1, launched: 0, running: 3, failed: 2, finished: 9 };
    assert.equal(
      statusText(live({ counts }))?.text,
      '$(check) Mesos Airflow (embedded) · 3 running · 1 waiting',
    );
    assert.equal(statusText(live({}))?.text, '$(check) Mesos Airflow (embedded) · idle');
    const docker = statusText(
      live({ engine: 'docker', mesos: { distribution: 'apache', why: 'its images are there' } }),
    );
    assert.equal(docker?.text, '$(check) Mesos Airflow (Docker) · idle');
    assert.equal(
      docker.tooltip,
      'The cluster default (Docker, Mesos 1.11.0 (Apache)) is ready. Airflow: http://127.0.0.1:8080',
    );
  });

  it('names the phase of a start, then the part that is not ready', () => {
    const starting = { phase: 'Python environment', detail: '40 of 132 packages' };
    assert.deepEqual(statusText({ connection: { phase: 'absent' }, starting, state: undefined }), {
      text: '$(sync~spin) Mesos Airflow: Python environment…',
      tooltip: '40 of 132 packages',
      look: 'plain',
    });
    const inDocker = { ...starting, engine: 'docker' } as const;
    assert.equal(
      statusText({ connection: { phase: 'absent' }, starting: inDocker, state: undefined })?.text,
      '$(sync~spin) Mesos Airflow (Docker): Python environment…',
    );
    const part = { pid: 1, restarts: 0, log: '', since: 0 };
    const parts = [
      { ...part, name: 'mesos-master', state: 'ready', detail: '' } as const,
      { ...part, name: 'api-server', state: 'starting', detail: 'warming up' } as const,
    ];
    assert.equal(
      statusText(live({ state: 'starting', parts }))?.text,
      '$(sync~spin) Mesos Airflow (embedded): api-server…',
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
      text: '$(warning) Mesos Airflow (Docker): scheduler exited',
      tooltip: detail,
      look: 'warning',
    });
  });

  it('is loud only where something is wrong', () => {
    assert.equal(statusText(live({ state: 'degraded', problem: 'x' }))?.look, 'warning');
    assert.equal(statusText(live({ state: 'failed', problem: 'x' }))?.look, 'error');
    const lost = { connection: { phase: 'lost', why: 'x' }, starting: undefined, state: undefined } as const;
    assert.equal(statusText(lost)?.look, 'warning');
  });
});
