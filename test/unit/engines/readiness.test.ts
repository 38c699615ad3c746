import assert from 'node:assert/strict';
import type { ClusterView, PartView } from '../../../src/api/people.ts';
import { Phases, type ProgressEvent } from '../../../src/engines/phases.ts';
import { phasesOf, StartWatch } from '../../../src/engines/readiness.ts';

function part(name: string, state: PartView['state'], detail = ''): PartView {
  return { name, state, pid: 1, detail, restarts: 0, log: `/logs/${name}.log`, since: 0 };
}

function view(parts: PartView[], changed: Partial<ClusterView> = {}): ClusterView {
  return {
    name: 'default',
    engine: 'embedded',
    version: '0.1.0',
    state: 'starting',
    problem: null,
    parts,
    master: { url: 'http://127.0.0.1:5050', version: null, connected: false },
    framework: { id: null, name: 'airflow', role: '*', state: 'disconnected', suppressed: false },
    airflow: { url: 'http://127.0.0.1:8080', username: 'admin', healthy: false },
    counts: { waiting: 0, launched: 0, running: 0, failed: 0, finished: 0 },
    dags_folder: '/dags',
    started: 0,
    ...changed,
  };
}

const airflowParts = ['api-server', 'scheduler', 'dag-processor', 'triggerer'];

describe('a starting cluster as phases', () => {
  it('waits for what has not begun, and says what holds up the rest', () => {
    const statuses = phasesOf(
      view([
        part('mesos-master', 'ready'),
        part('agent-1', 'ready'),
        part('agent-2', 'starting', 'recovering'),
        part('api-server', 'starting', 'warming up the execution API'),
        ...airflowParts.slice(1).map((name) => part(name, 'waiting', 'waits for api-server')),
      ]),
    );
    assert.deepEqual(
      statuses.map(({ name, state, detail }) => [name, state, detail]),
      [
        ['Mesos master', 'done', 'http://127.0.0.1:5050'],
        ['Mesos agents', 'running', 'agent-2: recovering'],
        ['Framework', 'running', 'disconnected'],
        ['Airflow', 'running', 'api-server: warming up the execution API'],
      ],
    );
  });

  it('has a phase of its own for the database, where there is one', () => {
    const parts = [part('database', 'starting', 'no connection yet'), part('mesos-master', 'ready')];
    const [first, ...others] = phasesOf(
      view([...parts, part('agent-1', 'ready'), part('scheduler', 'waiting')]),
    );
    assert.deepEqual(
      [first?.name, first?.state, first?.detail],
      ['PostgreSQL', 'running', 'database: no connection yet'],
    );
    assert.deepEqual(
      others.map(({ name }) => name),
      ['Mesos master', 'Mesos agents', 'Framework', 'Airflow'],
    );
    assert.equal(others.at(-1)?.part?.name, 'scheduler');
  });

  it('has failed with the part that failed', () => {
    const statuses = phasesOf(view([part('mesos-master', 'failed', 'the port is in use')]));
    assert.deepEqual([statuses[0]?.state, statuses[0]?.part?.name], ['failed', 'mesos-master']);
  });

  it('is ready only when all of it is', () => {
    const events: ProgressEvent[] = [];
    const watch = new StartWatch(new Phases((event) => events.push(event)), ({ detail }) => detail);
    const parts = ['mesos-master', 'agent-1', ...airflowParts].map((name) => part(name, 'ready'));
    const subscribed = { ...view([]).framework, state: 'subscribed' as const };
    assert.equal(watch.see(view(parts)).ready, false);
    assert.equal(watch.see(view(parts, { framework: subscribed })).ready, false);
    assert.equal(watch.see(view(parts, { framework: subscribed, state: 'ready' })).ready, true);
    const done = events.filter((event) => event.type === 'phase' && event.state === 'done');
    assert.equal(done.length, 4, 'each phase ends once');
  });
});
