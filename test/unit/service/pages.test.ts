import assert from 'node:assert/strict';
import type { DagRun } from '../../../src/airflow/answers.ts';
import { mostPageTopics, viewTopics } from '../../../src/api/topics.ts';
import type { FrameworkEntry, Task } from '../../../src/mesos/types.ts';
import { LatestRuns } from '../../../src/service/airflow/latestRuns.ts';
import { HttpProblem } from '../../../src/service/http/problem.ts';
import { Leader, leaderFacts } from '../../../src/service/leader.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { mesosTasksOf } from '../../../src/service/views/mesos.ts';
import { wantedTopics } from '../../../src/service/wantedTopics.ts';
import { until } from '../../support/until.ts';

describe('what a subscription asks for', () => {
  const wanted = (text: string): string[] => [...wantedTopics(new URLSearchParams(text))];

  it('is all views where it does not say', () => {
    assert.deepEqual(wanted(''), [...viewTopics]);
    assert.deepEqual(wanted('topics='), [...viewTopics]);
  });

  it('is views and pages, each once and encoded', () => {
    const run = encodeURIComponent('run:a:manual__15%3A12%2C5');
    assert.deepEqual(wanted(`topics=cluster,dags,runs:a:25,runs:a,${run}&topics=mesos-tasks,cluster`), [
      ...['cluster', 'dags', 'runs:a', 'run:a:manual__15%3A12%2C5', 'mesos-tasks'],
    ]);
  });

  it('is refused where there is no such topic, or it is too much', () => {
    const refused = (text: string, why: RegExp): void =>
      assert.throws(
        () => wanted(text),
        (error) => error instanceof HttpProblem && error.status === 400 && why.test(error.problem.why ?? ''),
      );
    refused('topics=runs', /no topic "runs"/);
    refused('topics=runs:a:1000', /no topic/);
    const many = (count: number): string =>
      `topics=${Array.from({ length: count }, (_, index) => `runs:d${index}`).join()}`;
    assert.equal(wanted(many(mostPageTopics)).length, mostPageTopics);
    refused(many(mostPageTopics + 1), /at most 50/);
  });
});

describe('the newest runs of DAGs', () => {
  const run = (dag_id: string, run_id: string, run_after: number, state = 'success'): DagRun => ({
    ...{ dag_id, run_id, state, run_type: 'manual', run_after },
    ...{ queued: null, started: null, ended: null },
  });

  it('are asked for once, then only what changed', async () => {
    const asked: string[] = [];
    let changed = { runs: [run('a', 'a2', 20), run('a', 'a1', 10)], total: 2 };
    let now = 1_000_000;
    const latest = new LatestRuns(
      {
        latestRuns: (ids) => {
          asked.push(`all of ${ids.join()}`);
          return Promise.resolve(new Map([['a', run('a', 'a1', 10)]]));
        },
        newestRuns: (since) => {
          asked.push(`since ${since}`);
          return Promise.resolve(changed);
        },
        dagRuns: (id) => {
          asked.push(`one of ${id}`);
          return Promise.resolve([run(id, `${id}1`, 5)]);
        },
      },
      () => now,
    );
    const found = async (...ids: string[]): Promise<string[]> =>
      [...(await latest.of(ids)).values()].map(({ run_id, state }) => `${run_id} ${state}`);
    assert.deepEqual(await found('a', 'never'), ['a1 success']);
    now += 2000;
    assert.deepEqual(await found('a', 'never'), ['a2 success']);
    changed = { runs: [run('a', 'a1', 10, 'running'), run('gone', 'g', 99)], total: 2 };
    assert.deepEqual(await found('a', 'never'), ['a2 success'], 'an older one that was cleared');
    changed = { runs: [run('a', 'a2', 20, 'running'), run('never', 'n1', 30)], total: 2 };
    assert.deepEqual(await found('a', 'never', 'new'), ['a2 running', 'n1 success', 'new1 success']);
    assert.deepEqual(asked, ['all of a,never', 'since 990000', 'since 992000', 'since 992000', 'one of new']);
    changed = { runs: [], total: 101 };
    assert.deepEqual(await found('a', 'never'), ['a1 success'], 'too much changed: all anew');
  });
});

describe('tasks on the master', () => {
  const task = (id: string, framework: string, state: Task['state'] = 'TASK_RUNNING'): Task => ({
    name: `task ${id}`,
    task_id: { value: id },
    framework_id: { value: framework },
    agent_id: { value: 'S0' },
    state,
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } }],
  });
  const spark: FrameworkEntry = {
    framework_info: { user: 'me', name: 'spark-shell', id: { value: 'F2' }, roles: ['analytics'] },
    active: true,
    connected: true,
  };

  it('are those that are not over, of every framework, by its name', () => {
    const { tasks, total } = mesosTasksOf(
      [task('b', 'F2'), task('over', 'F2', 'TASK_FINISHED'), task('a', 'F1', 'TASK_STAGING')],
      [spark],
    );
    assert.equal(total, 2);
    assert.deepEqual(
      tasks.map(({ id, framework, state, resources }) => [id, framework, state, resources.cpus]),
      [
        ['a', 'F1', 'STAGING', 0.5],
        ['b', 'spark-shell', 'RUNNING', 0.5],
      ],
    );
  });

  it('come up to 2000, with how many there are', () => {
    const many = Array.from({ length: 2500 }, (_, index) => task(String(index), 'F2'));
    const { tasks, total } = mesosTasksOf(many, [spark]);
    assert.deepEqual([tasks.length, total], [2000, 2500]);
  });
});

describe('the leading master', () => {
  const silent = lineLogger(() => undefined);

  it('is named as it names itself, with its times', () => {
    const info = { id: 'm', port: 5050, address: { hostname: 'mesos-master', ip: '172.18.0.3', port: 5050 } };
    assert.deepEqual(leaderFacts({ master_info: info, start_time: 1.5, elected_time: 2 }), {
      leader: 'mesos-master:5050',
      started: 1500,
      elected: 2000,
    });
    assert.deepEqual(leaderFacts({}), {});
  });

  it('is asked once of each, and forgotten with the subscription', async () => {
    const asked: number[] = [];
    let fails = true;
    let known = 0;
    const leader = new Leader(
      () => {
        asked.push(1);
        return fails ? Promise.reject(new Error('not yet')) : Promise.resolve({ start_time: asked.length });
      },
      silent,
      () => (known += 1),
    );
    leader.is(undefined);
    leader.is('one');
    await until(() => asked.length === 1);
    fails = false;
    await until(() => {
      leader.is('one');
      return known === 1;
    });
    leader.is('one');
    assert.deepEqual([asked.length, leader.known.started], [2, 2000]);
    leader.is(undefined);
    assert.deepEqual(leader.known, {});
    leader.is('two');
    await until(() => known === 2);
    assert.equal(asked.length, 3);
  });
});
