import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ClusterView, PartView } from '../../../src/api/people.ts';
import { incidentLines, incidentRecord } from '../../../src/cli/views/incident.ts';
import { watchDocker } from '../../../src/cli/watch/docker.ts';
import { PartChanges } from '../../../src/cli/watch/embedded.ts';
import type { PartIncident } from '../../../src/engines/engine.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { contextDouble } from './contextDouble.ts';
import { writeDockerSpec } from './dockerSpec.ts';
import { terminalDouble } from './terminalDouble.ts';

function incident(part: string, changed: Partial<PartIncident> = {}): PartIncident {
  return {
    part,
    state: 'exited',
    detail: 'exit status 137',
    lastLines: ['one', 'two'],
    at: 5000,
    ...changed,
  };
}

describe('an incident', () => {
  it('is one JSON object with the documented fields', () => {
    assert.deepEqual(incidentRecord(incident('agent-1')), {
      type: 'incident',
      part: 'agent-1',
      state: 'exited',
      detail: 'exit status 137',
      lines: ['one', 'two'],
      at: 5000,
    });
  });

  it('says to a person what happened, with the last lines, and nothing that takes over the terminal', () => {
    const { colors } = terminalDouble();
    const lines = incidentLines(incident('agent-1', { lastLines: ['\u001b[2Jgone'] }), colors);
    assert.match(lines[0] ?? '', /agent-1: exit status 137$/);
    assert.equal(lines[1]?.trim(), 'gone');
    assert.match(
      incidentLines(incident('x', { state: 'restarting' }), colors)[0] ?? '',
      /it is started again$/,
    );
    assert.match(
      incidentLines(incident('x', { state: 'running', detail: '', lastLines: [] }), colors)[0] ?? '',
      /is back$/,
    );
  });
});

describe('what views tell of the parts of an embedded cluster', () => {
  const part = (changed: Partial<PartView>): PartView => ({
    name: 'scheduler',
    state: 'ready',
    pid: 1,
    detail: '',
    restarts: 0,
    log: '/log',
    since: 0,
    ...changed,
  });
  const view = (changed: Partial<PartView>, state: ClusterView['state'] = 'ready'): ClusterView => ({
    name: 'default',
    engine: 'embedded',
    version: '0.1.0',
    state,
    problem: null,
    parts: [part(changed)],
    master: { url: '', version: null, connected: true },
    framework: { id: null, name: '', role: '*', state: 'subscribed', suppressed: false },
    airflow: null,
    counts: { waiting: 0, launched: 0, running: 0, failed: 0, finished: 0 },
    dags_folder: null,
    started: 0,
  });
  const states = (changes: PartChanges, ...views: ClusterView[]): string[][] =>
    views.map((each) => changes.of(each).map(({ state }) => state));

  it('are a death and a return, each once', () => {
    assert.deepEqual(
      states(
        new PartChanges(),
        view({}),
        view({}),
        view({ state: 'restarting', restarts: 1 }),
        view({ state: 'starting', restarts: 1 }),
        view({ restarts: 1 }),
        view({ restarts: 1 }),
      ),
      [[], [], ['restarting'], [], ['running'], []],
    );
  });

  it('are a part that was given up', () => {
    assert.deepEqual(states(new PartChanges(), view({}), view({ state: 'failed', restarts: 5 })), [
      [],
      ['exited'],
    ]);
  });

  it('are nothing while the cluster is brought down', () => {
    const changes = new PartChanges();
    assert.deepEqual(states(changes, view({}), view({ state: 'failed' }, 'stopping')), [[], []]);
  });
});

describe('watching a cluster in Docker', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('watch')));
  afterEach(() => home.remove());

  it('goes on where the events break off, and ends when the cluster is brought down', async () => {
    const context = contextDouble({ home: home.path });
    const root = await writeDockerSpec(context.folders.state, 'box', true);
    const told: string[] = [];
    let calls = 0;
    const engine = {
      list: () => Promise.resolve([]),
      async *incidents(_name: string, signal: AbortSignal) {
        calls += 1;
        yield incident(`part-${calls}`);
        if (calls === 1) throw new Error('the daemon is restarted');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    };
    const watching = watchDocker(context, engine, 'box', {
      incident: ({ part }) => told.push(part),
      notice: (text) => told.push(text),
    });
    await until(() => told.length === 3);
    assert.deepEqual(told, [
      'part-1',
      "Docker's events broke off: the daemon is restarted. Trying again.",
      'part-2',
    ]);
    await fs.rm(path.join(root, 'runtime.json'));
    assert.equal(await watching, 'ended');
  });

  it('tells nothing of parts that end with the cluster', async () => {
    const context = contextDouble({ home: home.path });
    const root = await writeDockerSpec(context.folders.state, 'box', true);
    const told: string[] = [];
    const engine = {
      list: () => Promise.resolve([]),
      async *incidents() {
        await fs.rm(path.join(root, 'runtime.json'));
        yield incident('agent-1');
      },
    };
    const end = await watchDocker(context, engine, 'box', {
      incident: ({ part }) => told.push(part),
      notice: (text) => told.push(text),
    });
    assert.deepEqual([end, told], ['ended', []]);
  });

  it('is left by Ctrl-C', async () => {
    const context = contextDouble({ home: home.path });
    context.interrupts.guard({ force: () => Promise.resolve() });
    await writeDockerSpec(context.folders.state, 'box', true);
    const engine = {
      list: () => Promise.resolve([]),
      async *incidents(_name: string, signal: AbortSignal): AsyncGenerator<PartIncident> {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield* [];
      },
    };
    const watching = watchDocker(context, engine, 'box', {
      incident: () => undefined,
      notice: () => undefined,
    });
    context.send('SIGINT');
    assert.equal(await watching, 'left');
  });
});
