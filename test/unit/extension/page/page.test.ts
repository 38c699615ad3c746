import assert from 'node:assert/strict';
import { ClusterClock } from '../../../../src/extension/page/clusterClock.ts';
import { pageHtml } from '../../../../src/extension/page/html.ts';
import { pageCluster } from '../../../../src/extension/page/pageCluster.ts';
import { pageTexts } from '../../../../src/extension/page/texts.ts';
import { Updates } from '../../../../src/extension/page/updates.ts';
import type { ClusterPicture } from '../../../../src/extension/cluster/picture.ts';
import type { ClusterState } from '../../../../src/extension/cluster/state.ts';
import { busyCluster } from '../../../support/busyCluster.ts';
import {
  atNoon,
  clusterState,
  clusterView,
  offerView,
  running,
  taskRun,
} from '../../../vscode/support/views.ts';

const live = (state: ClusterState): ClusterPicture => ({
  connection: { phase: 'live' },
  starting: undefined,
  state,
});
const clockAt = (now: number): ClusterClock => new ClusterClock(() => now);

describe('the document of the cluster page', () => {
  const html = pageHtml({
    script: 'https://file.example/page.js?a=1&b=2',
    style: 'https://file.example/page.css',
    source: "'self' https://*.example",
    nonce: 'n0nce',
    language: 'en',
    title: 'A "cluster" <b>',
  });

  it('loads its own script and style alone, and reaches nothing', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    assert.deepEqual(policy?.split('; '), [
      "default-src 'none'",
      "script-src 'nonce-n0nce'",
      "style-src 'self' https://*.example",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.doesNotMatch(html, /unsafe|style="|\son[a-z]+=/);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(
      html,
      /<script nonce="n0nce" src="https:\/\/file\.example\/page\.js\?a=1&amp;b=2"><\/script>/,
    );
  });

  it('has what it is given as text', () => {
    assert.match(html, /<title>A &quot;cluster&quot; &lt;b&gt;<\/title>/);
  });
});

describe('the page’s words', () => {
  it('are there, each with its places', () => {
    const texts = pageTexts();
    assert.equal(texts.used, '{0} of {1}');
    for (const [name, text] of Object.entries(texts)) assert.notEqual(text, '', name);
  });
});

describe('what the page is told', () => {
  it('is all at first, and then what changed', () => {
    const updates = new Updates(clockAt(atNoon));
    const state = clusterState({ tasks: new Map([running('a'), running('b')].map((run) => [run.id, run])) });
    const first = updates.next('c', live(state));
    assert.equal(first.tasks.anew, true);
    assert.deepEqual(
      first.tasks.changed.map(({ id }) => id),
      ['a', 'b'],
    );
    const same = updates.next('c', live({ ...state }));
    assert.deepEqual(same.tasks, { anew: false, changed: [], gone: [] });
    const ended = running('a', { state: 'finished', airflow_state: 'success', ended: atNoon });
    const next = updates.next('c', live({ ...state, tasks: new Map([['a', ended]]) }));
    assert.deepEqual(
      next.tasks.changed.map(({ id, kind }) => [id, kind]),
      [['a', 'success']],
    );
    assert.deepEqual(next.tasks.gone, ['b']);
    updates.startOver();
    assert.equal(updates.next('c', live(state)).tasks.changed.length, 2);
    assert.equal(updates.next('another', live(state)).tasks.anew, true);
  });

  it('has no token, and of a task run only what is shown', () => {
    const state = busyCluster(atNoon);
    const said = JSON.stringify(new Updates(clockAt(atNoon)).next('c', live(state)));
    assert.doesNotMatch(said, /token|127\.0\.0\.1:(5050|8080)|dags_folder/);
  });

  it('says what each framework uses of an agent, ours and all others, whose colours stay', () => {
    const updates = new Updates(clockAt(atNoon));
    const state = busyCluster(atNoon);
    const { agents, frameworks, foreign } = updates.next('c', live(state));
    const slots = new Map(frameworks.changed.map(({ name, slot, ours }) => [name, [slot, ours]]));
    assert.deepEqual(
      [...slots],
      [
        ['airflow', [0, true]],
        ['spark-shell', [1, false]],
        ['marathon', [2, false]],
      ],
    );
    const second = agents.changed.find(({ name }) => name === 'agent-2');
    assert.deepEqual(
      second?.shares.find(({ framework }) => framework === 'f-spark'),
      {
        ...{ framework: 'f-spark', cpus: 1, mem: 2048 },
      },
    );
    assert.ok(foreign.changed.every(({ framework }) => framework !== 'f-airflow'));
    // Spark goes, and Flink comes: Marathon keeps its colour, and Flink has one of its own.
    const all = state.frameworks ?? [];
    const spark = all.find(({ name }) => name === 'spark-shell');
    assert.ok(spark);
    const others = all.filter((one) => one !== spark);
    const next = updates.next(
      'c',
      live({
        ...state,
        frameworks: [...others, { ...spark, id: 'f-flink', name: 'flink' }],
        mesosTasks: undefined,
      }),
    );
    assert.deepEqual(
      next.frameworks.changed.map(({ name, slot }) => [name, slot]),
      [['flink', 3]],
    );
  });

  it('remembers another’s task from when it was first seen until it was gone', () => {
    let now = atNoon;
    const updates = new Updates(new ClusterClock(() => now));
    const state = busyCluster(atNoon, { agents: 1 });
    const seen = updates.next('c', live(state)).foreign.changed;
    assert.deepEqual(
      seen.map(({ name, seen: at, gone }) => [name, at, gone]),
      [
        ['executor-1', atNoon, null],
        ['web-1', atNoon, null],
      ],
    );
    now += 5000;
    const left = state.mesosTasks?.tasks.filter(({ name }) => name !== 'web-1') ?? [];
    const after = updates.next('c', live({ ...state, mesosTasks: { tasks: left, total: left.length } }));
    assert.deepEqual(
      after.foreign.changed.map(({ name, gone }) => [name, gone]),
      [['web-1', now]],
    );
    // Not known now is not gone.
    const unknown = updates.next('c', live({ ...state, mesosTasks: undefined }));
    assert.deepEqual(unknown.foreign.changed, []);
    now += 3_700_000;
    const later = updates.next('c', live({ ...state, mesosTasks: { tasks: left, total: left.length } }));
    assert.equal(later.foreign.gone.length, 1);
  });

  it('says of a waiting one why, and of an offer what became of it', () => {
    const runs = [
      taskRun('w', { waits: 'no agent has 8 cpus' }),
      running('r', { mesos_task_id: 'r.1', key: { task_id: 'score', map_index: 3 } }),
      running('old', { state: 'finished', ended: atNoon - 2 * 3_600_000 }),
    ];
    const offers = [
      offerView('o1', { fate: 'accepted', tasks: ['r.1', 'x.1'] }),
      offerView('o2', { fate: 'declined', why: 'Nothing waits.' }),
      offerView('o3'),
    ];
    const state = clusterState({
      tasks: new Map(runs.map((run) => [run.id, run])),
      offers: { suppressed: false, offers },
    });
    const said = new Updates(clockAt(atNoon)).next('c', live(state));
    assert.deepEqual(
      said.tasks.changed.map(({ name, state: words }) => [name, words]),
      [
        ['summarise', 'waiting: no agent has 8 cpus'],
        ['score[3]', 'running'],
      ],
    );
    assert.deepEqual(
      said.offers.changed.map((offer) => offer.said),
      ['accepted for score[3], x.1', 'declined: Nothing waits', 'outstanding'],
    );
  });

  it('is soon made of a thousand agents and task runs', () => {
    const updates = new Updates(clockAt(atNoon));
    const state = busyCluster(atNoon, { agents: 1000, history: 40_000 });
    const tasks = new Map([...(state.tasks ?? [])].slice(0, 1000));
    updates.next('c', live({ ...state, tasks }));
    const times = Array.from({ length: 7 }, () => {
      const began = performance.now();
      // Each list is another one, as if each had changed.
      const lists = { agents: [...(state.agents ?? [])], tasks: new Map(tasks) };
      updates.next('c', live({ ...state, ...lists }));
      return performance.now() - began;
    });
    const median = times.sort((a, b) => a - b)[3] ?? Infinity;
    assert.ok(median < 125, `${median} ms: half of the time that there is`);
  });
});

describe('how the cluster stands', () => {
  const standing = (over: Partial<ClusterPicture>): string[] => {
    const { look, state, detail, startable } = pageCluster('c', { ...live(clusterState()), ...over });
    return [look, state, detail, String(startable)];
  };
  it('is said for each phase', () => {
    assert.deepEqual(standing({}), ['ready', 'ready', '', 'false']);
    const none = { state: undefined };
    assert.deepEqual(standing({ ...none, connection: { phase: 'absent' } }), [
      'absent',
      'not running',
      '',
      'true',
    ]);
    assert.deepEqual(standing({ connection: { phase: 'lost', why: 'it broke.' } }), [
      ...['trouble', 'does not answer', 'it broke. It is tried again.', 'false'],
    ]);
    assert.deepEqual(standing({ starting: { phase: 'Airflow', detail: 'scheduler' } }), [
      ...['busy', 'starting', 'Airflow · scheduler', 'false'],
    ]);
    const degraded = clusterState({
      cluster: clusterView({ state: 'degraded', problem: 'agent-1 is gone' }),
    });
    assert.deepEqual(standing({ state: degraded }), ['trouble', 'degraded', 'agent-1 is gone', 'false']);
  });
});

describe('the time of a cluster', () => {
  it('is this machine’s, and of a recording the time in it, at its speed, up to its end', () => {
    let passed = 0;
    const clock = new ClusterClock(
      () => atNoon,
      () => passed,
    );
    const { now, rate, span } = clock.read(clusterState());
    assert.deepEqual([now, rate, span], [atNoon, 1, undefined]);
    const recording = { from: 1000, to: 60_000, at: 5000, speed: 10, paused: false };
    const played = clusterState({ cluster: clusterView({ recording }) });
    assert.equal(clock.read(played).now, 5000);
    passed = 2000;
    assert.deepEqual([clock.read(played).now, clock.read(played).rate], [25_000, 10]);
    passed = 20_000;
    assert.equal(clock.read(played).now, 60_000);
    const still = clusterState({
      cluster: clusterView({ recording: { ...recording, at: 9000, paused: true } }),
    });
    assert.equal(clock.read(still).now, 9000);
    passed = 30_000;
    assert.deepEqual(clock.read(still), {
      ...{ now: 9000, rate: 0, offset: -new Date().getTimezoneOffset() },
      span: { from: 1000, to: 60_000, speed: 10 },
    });
  });

  it('may go back: what was seen later was not seen then', () => {
    let now = atNoon;
    const updates = new Updates(new ClusterClock(() => now));
    const state = busyCluster(atNoon, { agents: 1 });
    updates.next('c', live(state));
    now -= 60_000;
    const mesosTasks = { tasks: [...(state.mesosTasks?.tasks ?? [])], total: 0 };
    const { foreign } = updates.next('c', live({ ...state, mesosTasks }));
    assert.deepEqual(new Set(foreign.changed.map(({ seen }) => seen)), new Set([now]));
  });
});
