import assert from 'node:assert/strict';
import type { DagRunView } from '../../../../src/api/people.ts';
import { runTopic } from '../../../../src/api/topics.ts';
import type { Topic } from '../../../../src/client/subscription.ts';
import type { ClusterPicture } from '../../../../src/extension/cluster/picture.ts';
import { applyEvents } from '../../../../src/extension/cluster/state.ts';
import { Emitter } from '../../../../src/extension/emitter.ts';
import { failedTaskRuns } from '../../../../src/extension/notifications/failedTask.ts';
import { Failures, gatherMs } from '../../../../src/extension/notifications/failures.ts';
import { OwnRuns, type OwnRun } from '../../../../src/extension/notifications/ownRuns.ts';
import { failureText } from '../../../../src/extension/notifications/words.ts';
import { atNoon, clusterView, taskRun } from '../../../vscode/support/views.ts';

/** What a Memento keeps over a reload. */
class Memory {
  readonly kept = new Map<string, unknown>();
  get(key: string): unknown {
    return this.kept.get(key);
  }
  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, JSON.parse(JSON.stringify(value ?? null)));
    return Promise.resolve();
  }
}

class Clock {
  now = atNoon;
  readonly #timers: { at: number; call: () => void }[] = [];
  later = (ms: number, call: () => void): { dispose: () => void } => {
    const timer = { at: this.now + ms, call };
    this.#timers.push(timer);
    return { dispose: () => this.#timers.splice(this.#timers.indexOf(timer), 1) };
  };
  pass(ms: number): void {
    this.now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.call();
    }
  }
}

const view = (dag_id: string, run_id: string, over: Partial<DagRunView> = {}): DagRunView => ({
  ...{ dag_id, run_id, state: 'running', started: atNoon, ended: null, tasks: [], ...over },
});

describe('notifications of failed runs', () => {
  let memory: Memory;
  let clock: Clock;
  let told: string[];
  let isWanted: boolean;
  let wanted: ReadonlySet<Topic>;
  let changed: Emitter<void>;
  let picture: ClusterPicture;
  let runs: OwnRuns;
  let failures: Failures;

  beforeEach(() => {
    memory = new Memory();
    clock = new Clock();
    told = [];
    isWanted = true;
    changed = new Emitter();
    picture = { connection: { phase: 'live' }, starting: undefined, state: stateOf([]) };
    open();
  });
  afterEach(() => failures.dispose());

  function stateOf(views: readonly DagRunView[]): ClusterPicture['state'] {
    const cluster = clusterView({ name: 'mine' });
    const all = { agents: [], frameworks: [], offers: { suppressed: true, offers: [] }, tasks: [] };
    return applyEvents(undefined, [
      { type: 'snapshot', cursor: 'e:1', subscription: 's', cluster, ...all },
      ...views.map((run) => ({ type: 'run', run }) as const),
    ]);
  }
  /** As a window that opens. */
  function open(): void {
    runs = new OwnRuns(memory, () => clock.now);
    const model = {
      name: 'mine',
      get picture() {
        return { ...picture, incidents: new Map() };
      },
      want: (_owner: object, topics: ReadonlySet<Topic>) => (wanted = topics),
      onDidChange: changed.event,
    };
    const tell = (failed: readonly OwnRun[]): void => void told.push(failureText(failed, clock.now));
    failures = new Failures(model, runs, { wanted: () => isWanted, tell, later: clock.later });
  }
  function become(...views: readonly DagRunView[]): void {
    picture = { ...picture, state: stateOf(views) };
    changed.fire();
  }
  const began = (dag_id: string, run_id: string, { cluster = 'mine', again = false } = {}) =>
    runs.add({ cluster, dag_id, run_id, again });
  const failed = (dag_id: string, run_id: string, ended = clock.now + 10): DagRunView =>
    view(dag_id, run_id, { state: 'failed', ended });

  it('ask for the runs that this person began, until they end, and for no others', async () => {
    assert.deepEqual([...wanted], []);
    await began('etl', 'r1');
    await began('other', 'r9', { cluster: 'another cluster' });
    assert.deepEqual([...wanted], [runTopic('etl', 'r1')]);
    become(view('etl', 'r1', { state: 'success', ended: clock.now - 10 }));
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual([...wanted], []);
    clock.pass(gatherMs);
    assert.deepEqual(told, []);
  });

  it('tell of failures of some seconds as one, each once', async () => {
    await began('etl', 'r1');
    await began('weather', 'r2');
    await began('weather', 'r3');
    become(failed('etl', 'r1'));
    clock.pass(gatherMs - 1);
    become(failed('etl', 'r1'), failed('weather', 'r2'), failed('weather', 'r3'));
    assert.deepEqual(told, []);
    clock.pass(1);
    assert.deepEqual(told, ['3 runs failed: etl, weather r3, weather r2']);
    become(failed('etl', 'r1'), failed('weather', 'r2'));
    clock.pass(gatherMs);
    assert.equal(told.length, 1);
    await began('late', 'r4');
    become(failed('late', 'r4'));
    clock.pass(gatherMs);
    assert.deepEqual(told[1], 'late failed: r4');
  });

  it('say nothing of runs of others', () => {
    become(failed('scheduled', 'r1'));
    clock.pass(gatherMs);
    assert.deepEqual(told, []);
  });

  it('remember over a reload what they wait for', async () => {
    await began('etl', 'r1');
    failures.dispose();
    assert.deepEqual([...wanted], []);
    open();
    assert.deepEqual([...wanted], [runTopic('etl', 'r1')]);
    become(failed('etl', 'r1'));
    clock.pass(gatherMs);
    assert.deepEqual(told, ['etl failed: r1']);
  });

  it('do not take how a run had ended before tasks ran again for how it ends now', async () => {
    const before = failed('etl', 'r1', clock.now - 5);
    become(before);
    await began('etl', 'r1', { again: true });
    become(before);
    clock.pass(gatherMs);
    assert.deepEqual(told, []);
    become(failed('etl', 'r1', clock.now + 1));
    clock.pass(gatherMs);
    assert.equal(told.length, 1);
  });

  it('ask for nothing and say nothing where the person wants none', async () => {
    await began('etl', 'r1');
    isWanted = false;
    failures.look();
    assert.deepEqual([...wanted], []);
    become(failed('etl', 'r1'));
    clock.pass(gatherMs);
    assert.deepEqual(told, []);
  });

  it('forget a run that is gone, and one that never ends', async () => {
    await began('etl', 'r1');
    const problem = { type: 'problem', topic: runTopic('etl', 'r1'), problem: null, gone: true } as const;
    picture = { ...picture, state: applyEvents(picture.state, [{ ...problem, problem: { error: 'gone' } }]) };
    changed.fire();
    assert.deepEqual(runs.pending, []);
    await began('etl', 'r2');
    clock.pass(8 * 24 * 3600 * 1000);
    assert.deepEqual(runs.pending, []);
  });

  it('take what was remembered by another version for nothing', () => {
    memory.kept.set('own runs', { some: 'thing' });
    assert.deepEqual(runs.pending, []);
  });
});

describe('the log of a failed run', () => {
  it('is that of the task that failed first, of its newest try', () => {
    const task = (task_id: string, state: string, ended: number | null, ids: readonly string[]) => ({
      ...{ task_id, map_index: -1, try_number: 1, state, mesos_task_id: null, agent: null, waits: null },
      ...{ upstream: [], queued: null, started: null, ended, runs: ids.map((id) => taskRun(id)) },
    });
    const tasks = [
      task('late', 'failed', 20, ['b2', 'b1']),
      task('early', 'failed', 10, ['a1']),
      task('never', 'failed', 5, []),
      task('fine', 'success', 1, ['c1']),
      task('after', 'upstream_failed', null, []),
    ];
    assert.deepEqual(
      failedTaskRuns({ tasks }).map(({ id }) => id),
      ['a1', 'b2'],
    );
  });
});

describe('the words of failed runs', () => {
  it('name five of very many', () => {
    const many = Array.from({ length: 8 }, (_, index) => ({
      ...{ cluster: 'mine', dag_id: `d${index}`, run_id: 'r', at: 0, again: false },
    }));
    assert.equal(failureText(many, atNoon), '8 runs failed: d0, d1, d2, d3, d4 and 3 more');
  });
});
