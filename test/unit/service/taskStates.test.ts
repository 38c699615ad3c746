import assert from 'node:assert/strict';
import type { TaskInstance } from '../../../src/airflow/answers.ts';
import type { TaskInstanceId } from '../../../src/airflow/client.ts';
import type { TaskRecord } from '../../../src/framework/types.ts';
import { TaskStates } from '../../../src/service/airflow/taskStates.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { until } from '../../support/until.ts';

function task(id: string, task_id: string, more: Partial<TaskRecord['key']> = {}): TaskRecord {
  return {
    id,
    deployment: 'd',
    key: { dag_id: 'dag', run_id: 'run', task_id, map_index: -1, try_number: 1, ...more },
    state: 'finished',
    mesos_task_id: `${id}.1`,
    attempt: 1,
    agent_id: null,
    agent: null,
    resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
    constraints: {},
    priority: 0,
    queue: null,
    waits: null,
    info: '',
    queued: 1,
    launched: 2,
    started: 3,
    ended: 4,
  };
}

function instance(id: TaskInstanceId, state: string | null, try_number = 1): TaskInstance {
  const { dag_id, run_id, task_id, map_index } = id;
  return {
    dag_id,
    run_id,
    task_id,
    map_index,
    try_number,
    max_tries: 0,
    state,
    operator: null,
    queued: null,
    started: null,
    ended: null,
  };
}

describe('what Airflow says of task runs that are over', () => {
  let states: TaskStates | undefined;
  afterEach(() => states?.stop());

  function ask(answer: (ids: readonly TaskInstanceId[], question: number) => TaskInstance[]) {
    const questions: (readonly TaskInstanceId[])[] = [];
    const told: string[] = [];
    states = new TaskStates(
      {
        taskInstancesOf: (ids) => {
          questions.push(ids);
          return Promise.resolve(answer(ids, questions.length));
        },
      },
      lineLogger(() => undefined),
      (id) => told.push(id),
    );
    return { states, questions, told };
  }

  it('counts what failed in Airflow alone, of what ended while the service runs', async () => {
    const { states, told } = ask((ids) => ids.map((id) => instance(id, id.task_id.replace(/\d/, ''))));
    const ended = Date.now() + 1000;
    states.want({ ...task('a', 'failed1'), ended });
    states.want({ ...task('b', 'upstream_failed'), ended });
    states.want({ ...task('c', 'success'), ended });
    // Mesos knows of this one, and this one ended long ago.
    states.want({ ...task('d', 'failed2'), ended, state: 'failed' });
    states.want(task('e', 'failed3'));
    await until(() => told.length === 5, { what: 'the answers' });
    assert.equal(states.failed, 2);
  });

  it('is asked once for all of a run that end together', async () => {
    const { states, questions, told } = ask((ids) => ids.map((id) => instance(id, `is ${id.task_id}`)));
    const tasks = ['a', 'b', 'c'].map((name) => task(`id-${name}`, name));
    for (const one of [...tasks, ...tasks]) states.want(one);
    states.want(task('id-other', 'a', { run_id: 'other' }));
    await until(() => told.length === 4);
    assert.deepEqual(
      questions.map((ids) => ids.length),
      [3, 1],
    );
    assert.equal(states.of('id-b'), 'is b');
    states.want(tasks[0]!);
    assert.equal(questions.length, 2);
  });

  it('is asked again while Airflow has not noticed the end', async () => {
    const { states, questions } = ask((ids, question) =>
      ids.map((id) => instance(id, question < 3 ? 'running' : 'failed')),
    );
    states.want(task('id', 'a'));
    await until(() => states.of('id') === 'failed');
    assert.equal(questions.length, 3);
  });

  it('is not guessed of a try that Airflow has left behind', async () => {
    const { states, questions } = ask((ids) => ids.map((id) => instance(id, 'running', 2)));
    states.want(task('id', 'a'));
    await until(() => questions.length === 1);
    assert.equal(states.of('id'), null);
  });

  it('is asked until Airflow answers', async () => {
    const { states } = ask((ids, question) => {
      if (question < 3) throw new Error('not up');
      return ids.map((id) => instance(id, 'success'));
    });
    states.want(task('id', 'a'));
    await until(() => states.of('id') === 'success');
  });
});
