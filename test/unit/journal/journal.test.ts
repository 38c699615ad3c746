import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ClusterEvent, TaskRun } from '../../../src/api/people.ts';
import { History } from '../../../src/journal/history.ts';
import { journalBytes, segmentsIn } from '../../../src/journal/segments.ts';
import { SegmentWriter, usualBounds, type Bounds } from '../../../src/journal/writer.ts';
import { Journal } from '../../../src/service/journal/journal.ts';
import type { WholeTopic } from '../../../src/service/subscriptions.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const scenes: Scene[] = [];

/** A cluster whose views a test sets; the journal sees them as the service shows them. */
class Scene {
  readonly views = new Map<string, readonly ClusterEvent[]>();
  readonly tasks = new Map<string, TaskRun>();
  readonly failures: unknown[] = [];
  now = 1_795_000_000_000;
  readonly journal: Journal;

  constructor(folder: string, bounds: Partial<Bounds> = {}) {
    scenes.push(this);
    this.journal = new Journal({
      program: '0.1.0',
      cluster: 'test',
      now: () => this.now,
      writer: new SegmentWriter(folder, { ...usualBounds, ...bounds }, (error) => this.failures.push(error)),
      source: {
        present: (topic) => this.views.get(topic) ?? [],
        task: (id) => this.tasks.get(id),
        tasks: () => [...this.tasks.values()],
      },
    });
  }

  see(topic: WholeTopic, ...events: unknown[]): void {
    this.views.set(topic, events as ClusterEvent[]);
    this.journal.changed(topic);
  }

  run(id: string, more: Record<string, unknown> = {}): void {
    this.tasks.set(id, { id, ended: null, airflow_state: null, ...more } as unknown as TaskRun);
    this.journal.taskChanged(id);
  }

  async later(ms: number): Promise<void> {
    await this.journal.flush();
    this.now += ms;
  }
}

async function read(folder: string): Promise<History> {
  return History.read(journalBytes(folder), 'the journal');
}

describe('the journal', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder('journal'));
  });
  afterEach(async () => {
    for (const { journal } of scenes.splice(0)) await journal.close();
    await remove();
  });

  it('has what was shown at each time, whole from the first word on', async () => {
    const scene = new Scene(folder);
    scene.see('cluster', { type: 'cluster', state: 'starting' });
    await scene.later(1000);
    scene.run('a', { state: 'queued' });
    await scene.later(1000);
    scene.run('a', { state: 'running' });
    scene.see('cluster', { type: 'cluster', state: 'ready' });
    await scene.later(1000);
    await scene.journal.close();

    const history = await read(folder);
    const begun = history.from;
    const seen = (ms: number) => Object.fromEntries(history.at(begun + ms).state.values);
    assert.deepEqual(Object.keys(seen(0)), ['cluster']);
    assert.deepEqual(seen(1000)['task:a'], { id: 'a', ended: null, airflow_state: null, state: 'queued' });
    assert.deepEqual(seen(2000).cluster, [{ type: 'cluster', state: 'ready' }]);
    assert.equal(history.to, begun + 2000);
  });

  it('writes nothing while nothing changes, also where it is told that something might have', async () => {
    const scene = new Scene(folder);
    scene.see('agents', { type: 'agents', agents: [{ id: 'x' }] });
    await scene.later(5000);
    const [before] = await segmentsIn(folder);
    scene.see('agents', { type: 'agents', agents: [{ id: 'x' }] });
    await scene.later(5000);
    const [after] = await segmentsIn(folder);
    assert.equal(after?.size, before?.size);
  });

  it('is readable by its owner only', async () => {
    const scene = new Scene(folder);
    scene.see('cluster', { type: 'cluster' });
    await scene.journal.flush();
    const [segment] = await segmentsIn(folder);
    assert.equal((await fs.stat(segment!.file)).mode & 0o777, 0o600);
  });

  it('has pages as long as somebody looks at them', async () => {
    const scene = new Scene(folder);
    scene.see('dags', { type: 'dags', dags: [] });
    await scene.later(1000);
    scene.journal.wanted(new Set(['dags', 'cluster']));
    await scene.later(1000);
    scene.journal.wanted(new Set(['cluster']));
    await scene.later(1000);
    scene.see('cluster', { type: 'cluster' });
    await scene.journal.close();
    const history = await read(folder);
    const has = [...Array(4).keys()].map((turn) =>
      history.at(history.from + turn * 1000).state.values.has('dags'),
    );
    assert.deepEqual(has.slice(0, 2), [true, false]);
  });

  it('stays within its bounds: old segments go, and each of the rest can be read by itself', async () => {
    const scene = new Scene(folder, { segmentBytes: 20_000, bytes: 30_000 });
    for (let turn = 0; turn < 400; turn += 1) {
      const noise = Array.from({ length: 20 }, () => Math.random().toString(36)).join('');
      scene.see('offers', { type: 'offers', turn, noise });
      await scene.later(1000);
    }
    await scene.journal.close();
    const segments = await segmentsIn(folder);
    const size = segments.reduce((sum, segment) => sum + segment.size, 0);
    assert.ok(size < 60_000, `${size} bytes`);
    assert.ok(segments.length > 1 && (segments[0]?.number ?? 0) > 1, 'the first ones went');
    assert.ok(segments.slice(0, -1).every(({ packed }) => packed));
    const history = await read(folder);
    const [last] = history.at(history.to).state.values.get('offers') as { turn: number }[];
    assert.equal(last?.turn, 399);
    const [first] = history.at(0).state.values.get('offers') as { turn: number }[];
    assert.ok((first?.turn ?? 0) > 0);
  });

  it('of a service that was killed in the middle of a line loses that line', async () => {
    const first = new Scene(folder);
    first.see('cluster', { type: 'cluster', turn: 1 });
    await first.later(1000);
    first.see('cluster', { type: 'cluster', turn: 2 });
    await first.later(1000);
    await first.journal.close();
    const [segment] = await segmentsIn(folder);
    await fs.truncate(segment!.file, segment!.size - 7);

    const second = new Scene(folder);
    second.now = first.now + 60_000;
    second.see('cluster', { type: 'cluster', turn: 3 });
    await second.later(1000);
    second.see('cluster', { type: 'cluster', turn: 4 });
    await second.journal.flush();

    const history = await read(folder);
    const turn = (time: number) =>
      (history.at(time).state.values.get('cluster') as { turn: number }[])[0]?.turn;
    assert.equal(turn(first.now + 1), 1);
    assert.equal(turn(second.now - 1000), 3);
    assert.equal(turn(second.now), 4);
    await second.journal.close();
  });

  it('that cannot be written says so once, and leaves the service alone', async () => {
    const file = path.join(folder, 'file');
    await fs.writeFile(file, '');
    const scene = new Scene(path.join(file, 'journal'));
    for (let turn = 0; turn < 3; turn += 1) {
      scene.see('cluster', { type: 'cluster', turn });
      await scene.later(1000);
    }
    await scene.journal.close();
    assert.equal(scene.failures.length, 1);
  });

  it('that is removed under it goes on without a word of failure until its next segment', async () => {
    const scene = new Scene(folder, { segmentBytes: 1 });
    scene.see('cluster', { type: 'cluster', turn: 0 });
    await scene.later(1000);
    await fs.rm(folder, { recursive: true });
    scene.see('cluster', { type: 'cluster', turn: 1 });
    await scene.later(1000);
    await scene.journal.close();
    assert.deepEqual(scene.failures, []);
    assert.equal((await segmentsIn(folder)).length, 1);
  });
});
