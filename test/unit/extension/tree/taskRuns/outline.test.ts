import assert from 'node:assert/strict';
import { runTopic, runsTopic } from '../../../../../src/api/topics.ts';
import type { TaskInstanceView } from '../../../../../src/api/people.ts';
import type { ClusterPicture } from '../../../../../src/extension/cluster/picture.ts';
import type { ClusterState } from '../../../../../src/extension/cluster/state.ts';
import { clock } from '../../../../../src/extension/format.ts';
import type { Outline } from '../../../../../src/extension/tree/rows.ts';
import type { TaskRunOptions } from '../../../../../src/extension/tree/taskRuns/options.ts';
import { TaskRunsView, type Memory } from '../../../../../src/extension/tree/taskRuns/view.ts';
import { agentView, atNoon, clusterView, running, taskRun } from '../../../../vscode/support/views.ts';
import { picture, tasks, text } from '../outlines.ts';
import { dag, dagRun, instance, noonRun, summary } from './runs.ts';

function memory(): Memory {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

function viewWith(options: Partial<TaskRunOptions> = {}, loadOlder = (): void => undefined): TaskRunsView {
  const view = new TaskRunsView(memory(), loadOlder);
  view.set(options);
  return view;
}

function shown(
  over: Partial<ClusterState>,
  open: readonly string[] = [],
  view = viewWith(),
  now = atNoon + 5000,
): Outline {
  return view.outline(picture(over), now, new Set(open));
}

const noFilter = { name: '', states: [] };

describe('the view Task Runs', () => {
  it('is empty where there is no cluster, so that the welcome shows', () => {
    const nothing: ClusterPicture = {
      connection: { phase: 'absent' },
      starting: undefined,
      state: undefined,
    };
    assert.deepEqual(viewWith().outline(nothing, atNoon, new Set()).roots, []);
  });

  it('shows the phase of a start before there is a service', () => {
    const outline = viewWith().outline(
      {
        connection: { phase: 'absent' },
        starting: { phase: 'Python environment', detail: '40 of 132 packages' },
        state: undefined,
      },
      atNoon,
      new Set(),
    );
    assert.deepEqual(text(outline), ['Python environment | 40 of 132 packages']);
  });

  it('shows trouble first, as a row with a remedy, and keeps what was known', () => {
    const view = viewWith();
    const trouble = (over: Partial<ClusterState>, rest: Partial<ClusterPicture>): Outline =>
      view.outline(picture({ dags: [dag('a', 'success')], ...over }, rest), atNoon, new Set());
    const lost = trouble({}, { connection: { phase: 'lost', why: 'the connection broke' } });
    assert.equal(text(lost)[0], 'The cluster does not answer | the connection broke · trying again');
    assert.equal(lost.rows.get('trouble')?.click?.command, 'mesosAirflow.showServiceLog');
    assert.ok(lost.rows.has('dag:a'));
    const inDocker = trouble(
      {},
      { connection: { phase: 'lost', why: 'Docker does not answer', startable: true } },
    );
    assert.equal(inDocker.rows.get('trouble')?.click?.command, 'mesosAirflow.start');
    const problem = 'the scheduler died three times';
    const degraded = trouble({ cluster: clusterView({ state: 'degraded', problem }) }, {});
    assert.equal(text(degraded)[0], `The cluster is degraded | ${problem}`);
  });

  it('says what is missing: that nothing ran, that it is still to come, why it cannot', () => {
    assert.equal(shown({ dags: [dag('a', null)] }).rows.get('nothing')?.label, 'Nothing has run yet');
    assert.deepEqual(text(shown({})), ['Loading… | ']);
    const problems = new Map([
      ['dags', { problem: { error: 'Airflow does not answer', next: 'Look at its log.' }, gone: false }],
    ]);
    assert.deepEqual(text(shown({ problems })), ['Airflow does not answer | Look at its log.']);
    const starting = clusterView({ state: 'starting' });
    assert.deepEqual(text(shown({ cluster: starting, problems })), ['Airflow is starting… | ']);
  });
});

describe('task runs by DAG', () => {
  const weather = [
    instance('read', {
      state: 'success',
      mesos_task_id: 'r.1',
      agent: 'agent-1',
      started: atNoon,
      ended: atNoon + 800,
    }),
    ...[0, 1, 2].map((map_index) =>
      instance('summarise', {
        map_index,
        upstream: ['read'],
        state: map_index === 0 ? 'success' : 'queued',
        waits: map_index === 2 ? 'agent-2 has 0.5 cpus free, needs 1' : null,
        agent: map_index < 2 ? `agent-${map_index + 1}` : null,
        runs: [
          map_index === 2
            ? taskRun('s2', { key: { map_index }, waits: 'agent-2 has 0.5 cpus free, needs 1' })
            : running(`s${map_index}`, {
                key: { map_index },
                ...(map_index === 0 ? { state: 'finished', ended: atNoon + 900 } : {}),
              }),
        ],
      }),
    ),
    instance('report', { upstream: ['summarise'] }),
  ];
  const state: Partial<ClusterState> = {
    dags: [dag('old', 'success'), dag('never', null), dag('weather', 'running')],
    runs: new Map([['weather', { runs: [summary('weather', 'running')], more: false }]]),
    run: new Map([[runTopic('weather', noonRun), dagRun('weather', 'running', weather)]]),
  };
  const runId = `run:weather/${noonRun}`;
  const all = ['dag:weather', runId, `tasks:weather/${noonRun}/summarise`];

  it('shows those that run first, and of open rows the runs and the tasks in their order', () => {
    assert.deepEqual(text(shown(state, all)), [
      'weather | running · manual 12:00:00 · < 1 min',
      '  manual 12:00:00 | running · < 1 min · 1 running, 2 waiting, 2 success',
      '    read | success · agent-1 · 0.8 s',
      '    summarise [0..2] | 1 of 3 · 1 running, 1 waiting, 1 success: agent-2 has 0.5 cpus free, needs 1 · agent-1, agent-2',
      '      summarise[0] | success · agent-1',
      '      summarise[1] | running · agent-2',
      '      summarise[2] | waiting: agent-2 has 0.5 cpus free, needs 1',
      '    report | waits for summarise',
      'old | success · manual 12:00:00 · < 1 min',
    ]);
  });

  it('opens the newest running run at first, and asks only for pages of open rows', () => {
    const outline = shown(state, ['dag:weather']);
    assert.deepEqual(
      ['dag:weather', 'dag:old', runId].map((id) => outline.rows.get(id)?.opens),
      ['open', 'closed', 'open'],
    );
    const view = viewWith();
    assert.deepEqual([...view.topics(new Set())], ['cluster', 'dags']);
    assert.deepEqual(
      [...view.topics(new Set(all))],
      ['cluster', 'dags', runsTopic('weather'), runTopic('weather', noonRun)],
    );
    // Of a run below a DAG that was closed nothing is shown.
    assert.deepEqual([...view.topics(new Set([runId]))], ['cluster', 'dags']);
  });

  it('has context values and clicks for what commands can do with a row', () => {
    const { rows } = shown(state, all);
    const contexts = [
      'dag:weather',
      runId,
      ...all.slice(2),
      `instance:weather/${noonRun}/summarise/2`,
      `instance:weather/${noonRun}/report/-1`,
    ];
    assert.deepEqual(
      contexts.map((id) => rows.get(id)?.context),
      ['activeDag', 'runningDagRun', 'runningTaskGroup', 'waitingTaskInstance', 'pendingTaskInstance'],
    );
    assert.deepEqual(rows.get(`instance:weather/${noonRun}/summarise/1`)?.click?.arguments, ['taskRun:s1']);
    assert.equal(rows.get(`instance:weather/${noonRun}/report/-1`)?.click, undefined);
    assert.match(
      rows.get(`instance:weather/${noonRun}/summarise/2`)?.tooltip ?? '',
      /\[Why\?\]\(command:mesosAirflow\.explainWait\?%5B%22taskRun%3As2%22%5D\)/,
    );
  });

  it('has the tries of an instance below it, the newest first', () => {
    const tries = [2, 1].map((try_number) =>
      running(`t${try_number}`, {
        key: { task_id: 'load', try_number },
        ...(try_number === 1
          ? { state: 'failed' as const, info: 'TASK_FAILED on agent-1: exit status 1', ended: atNoon + 2000 }
          : {}),
      }),
    );
    const load = instance('load', {
      state: 'running',
      try_number: 2,
      mesos_task_id: 't2.1',
      agent: 'agent-1',
      started: atNoon,
      runs: tries,
    });
    const run = new Map([[runTopic('weather', noonRun), dagRun('weather', 'running', [load])]]);
    const id = `instance:weather/${noonRun}/load/-1`;
    assert.deepEqual(text(shown({ ...state, run }, [...all, id])).slice(2, 5), [
      '    load · try 2 | running · agent-1 · < 1 min',
      '      try 2 | running · agent-1 · < 1 min',
      '      try 1 | failed · exit status 1 · agent-1 · 1 s',
    ]);
  });

  it('says when what failed is tried again, until that time has come', () => {
    const now = atNoon + 5000;
    const waiting = (at: number | null): TaskInstanceView =>
      instance('load', { state: 'up_for_retry', try_number: 1, retry: { tries: 3, at } });
    const textOf = (at: number | null): string | undefined => {
      const run = new Map([[runTopic('weather', noonRun), dagRun('weather', 'running', [waiting(at)])]]);
      return text(shown({ ...state, run }, all))[2];
    };
    assert.equal(
      textOf(now + 300_000),
      `    load | up for retry · try 2 of 3 at ${clock(now + 300_000, now)}`,
    );
    assert.equal(textOf(now - 1), '    load | up for retry · try 2 of 3');
    assert.equal(textOf(null), '    load | up for retry · try 2 of 3');
  });

  it('bounds a task of 20,000 instances by ranges, and is fast', () => {
    const many = Array.from({ length: 20_000 }, (_, map_index) =>
      instance('many', { map_index, state: 'success' }),
    );
    const run = new Map([[runTopic('weather', noonRun), dagRun('weather', 'running', many)]]);
    const group = `tasks:weather/${noonRun}/many`;
    const range = `range:weather/${noonRun}/many/19900`;
    const open = ['dag:weather', runId, group, range];
    // The fastest of some: others may use the machine as well.
    const times = Array.from({ length: 4 }, () => {
      const began = performance.now();
      shown({ ...state, run }, open);
      return performance.now() - began;
    });
    const ms = Math.min(...times);
    const outline = shown({ ...state, run }, open);
    assert.equal(outline.rows.get(group)?.label, 'many [0..19999]');
    assert.equal(outline.rows.get(group)?.children.length, 200);
    assert.equal(outline.rows.get(range)?.label, '[19900..19999]');
    assert.equal(outline.rows.get(range)?.children.length, 100);
    assert.ok(outline.rows.size < 400);
    assert.ok(ms < 250, `${ms} ms`);
  });

  it('loads more runs up to what a page can have, then leads to Airflow', () => {
    const view = viewWith();
    const runs = new Map([['weather', { runs: [summary('weather', 'running')], more: true }]]);
    const last = (): string | undefined => text(shown({ ...state, runs }, ['dag:weather'], view)).at(-2);
    assert.equal(last(), '  Load more… | ');
    view.loadMore('dag:weather');
    assert.ok(view.topics(new Set(['dag:weather'])).has(runsTopic('weather', 50)));
    view.loadMore('dag:weather');
    assert.ok(view.topics(new Set(['dag:weather'])).has(runsTopic('weather', 100)));
    assert.equal(last(), '  Older runs are in Airflow | ');
  });

  it('hides DAGs, runs and tasks in which a filter leaves nothing', () => {
    const view = viewWith({ filter: { name: 'summ*', states: ['waiting'] } });
    assert.ok(view.topics(new Set()).has('tasks'));
    const known = tasks(
      taskRun('s2', { key: { dag_id: 'weather', run_id: noonRun, map_index: 2 } }),
      taskRun('x', { key: { dag_id: 'old', task_id: 'other' } }),
    );
    assert.deepEqual(
      text(shown({ ...state, tasks: known }, all, view)).map((line) => line.split(' | ')[0]),
      ['weather', '  manual 12:00:00', '    summarise [2]', '      summarise[2]'],
    );
    const none = shown({ ...state, tasks: new Map(), run: new Map() }, all, view);
    assert.equal(none.rows.get('nothing')?.click?.command, 'mesosAirflow.clearTaskRunFilter');
  });

  it('shows a DAG whose own name matches with all of its runs, whatever is known of them', () => {
    const view = viewWith({ filter: { name: 'weath', states: [] } });
    const lines = text(shown({ ...state, tasks: new Map(), run: new Map() }, ['dag:weather'], view));
    assert.deepEqual(
      lines.map((line) => line.split(' | ')[0]),
      ['weather', '  manual 12:00:00'],
    );
    const failed = viewWith({ filter: { name: 'weath', states: ['failed'] } });
    assert.ok(shown({ ...state, tasks: new Map() }, ['dag:weather'], failed).rows.has('nothing'));
  });

  it('bounds very many DAGs, and says how far a filter has looked', () => {
    const dags = Array.from({ length: 1000 }, (_, index) => dag(`d${index}`, 'success'));
    assert.deepEqual(shown({ dags }).roots.slice(100), ['more:dags']);
    const view = viewWith({ filter: { name: 'x', states: [] } });
    const searched = shown({ dags, tasks: tasks(taskRun('a')), olderTasks: 'more' }, [], view);
    assert.deepEqual(text(searched), [
      'No task run matches | click to clear the filter',
      'Load more… | the newest 1 task runs were searched',
    ]);
  });

  it('escapes what comes from elsewhere', () => {
    const info = '[click](command:evil) <img src=x>';
    const evil = running('a', { state: 'failed', info, ended: atNoon });
    const outline = shown({ tasks: tasks(evil) }, [], viewWith({ grouping: 'flat' }));
    const tooltip = outline.rows.get('taskRun:a')?.tooltip ?? '';
    assert.ok(tooltip.includes('\\[click\\]\\(command:evil\\) \\<img'), tooltip);
  });
});

describe('task runs by agent', () => {
  const ended = Array.from({ length: 120 }, (_, index) =>
    running(`e${index}`, {
      state: 'finished',
      airflow_state: 'success',
      queued: atNoon - index,
      ended: atNoon + 2000,
      key: { task_id: `e${index}` },
    }),
  );
  const over: Partial<ClusterState> = {
    agents: [agentView('agent-2'), agentView('agent-1', { used: { cpus: 1, mem: 0, disk: 0, gpus: 0 } })],
    tasks: tasks(running('r'), taskRun('w', { waits: 'no agent has 8 cpus' }), ...ended),
    olderTasks: 'more',
  };
  const view = (): TaskRunsView => viewWith({ grouping: 'agent' });

  it('shows what waits, then each agent with what runs there and what ran', () => {
    assert.deepEqual(text(shown(over, ['waiting', 'agent:id-of-agent-1'], view())), [
      'Waiting | 1',
      '  summarise | waiting: no agent has 8 cpus · weather_report',
      'agent-1 | 1 running · 1 of 4 cpus',
      '  summarise | running · agent-1 · < 1 min · weather_report',
      '  Ended | 120 success',
      'agent-2 | 0 of 4 cpus',
    ]);
  });

  it('bounds very many agents, of which none is open at first', () => {
    const agents = Array.from({ length: 1000 }, (_, index) => agentView(`a${index}`));
    const { roots, rows } = shown({ ...over, agents }, [], view());
    assert.equal(roots.length, 102);
    const opened = roots.filter((id) => id !== 'waiting' && rows.get(id)?.opens === 'open');
    assert.deepEqual(opened, []);
  });

  it('bounds what has ended, and loads older ones from the service after that', () => {
    let older = 0;
    const bounded = viewWith({ grouping: 'agent' }, () => (older += 1));
    const id = 'ended:id-of-agent-1';
    const open = ['agent:id-of-agent-1', id];
    const children = (): readonly string[] => {
      bounded.header(picture(over));
      return shown(over, open, bounded).rows.get(id)?.children ?? [];
    };
    assert.equal(children().length, 101);
    assert.equal(children().at(-1), `more:${id}`);
    bounded.loadMore(id);
    assert.equal(children().length, 121);
    assert.equal(older, 0);
    assert.equal(children().at(-1), `more:older:${id}`);
    bounded.loadMore(`older:${id}`);
    assert.equal(older, 1);
  });
});

describe('task runs in one list', () => {
  const at = (id: string, over: Parameters<typeof running>[1]): ReturnType<typeof running> =>
    running(id, { key: { task_id: id }, ...over });
  const over: Partial<ClusterState> = {
    tasks: tasks(
      at('short', { queued: atNoon - 3, state: 'finished', airflow_state: 'success', ended: atNoon + 1100 }),
      at('long', { queued: atNoon - 2, state: 'failed', ended: atNoon + 60_000 }),
      at('a10', { queued: atNoon - 1 }),
      taskRun('a9', { queued: atNoon - 4, key: { task_id: 'a9' } }),
    ),
  };

  it('are sorted as a person wants it', () => {
    const order = (sort: TaskRunOptions['sort']): string =>
      shown(over, [], viewWith({ grouping: 'flat', sort }))
        .roots.map((id) => id.replace('taskRun:', ''))
        .join(' ');
    assert.equal(order('newest'), 'a10 long short a9');
    assert.equal(order('longest'), 'long a10 short a9');
    assert.equal(order('name'), 'a9 a10 long short');
    assert.equal(order('failed'), 'long a10 a9 short');
  });

  it('say of which DAG and run they are', () => {
    const [first] = text(shown(over, [], viewWith({ grouping: 'flat' })));
    assert.equal(
      first,
      `a10 | running · agent-1 · < 1 min · weather_report · manual ${new Date('2026-11-23T11:59:50.123+00:00').toTimeString().slice(0, 8)}`,
    );
  });

  it('load more from 300 rows on', () => {
    let older = 0;
    const view = viewWith({ grouping: 'flat' }, () => (older += 1));
    const many = Array.from({ length: 500 }, (_, index) => at(`t${index}`, {}));
    const state: Partial<ClusterState> = { tasks: tasks(...many), olderTasks: 'more' };
    assert.equal(shown(state, [], view).roots.length, 301);
    view.header(picture(state));
    view.loadMore('mesosAirflow.taskRuns');
    assert.equal(shown(state, [], view).roots.length, 501);
    assert.equal(older, 1);
  });

  it('remember how they are shown, and say so beside the title', () => {
    const remembered = memory();
    new TaskRunsView(remembered, () => undefined).set({
      grouping: 'flat',
      filter: { name: 'x', states: [] },
    });
    const view = new TaskRunsView(remembered, () => undefined);
    assert.equal(view.options.grouping, 'flat');
    assert.equal(view.header(picture()).description, 'as a list · “x”');
    view.set({ grouping: 'dag', filter: noFilter });
    assert.equal(view.header(picture()).description, '');
  });
});
