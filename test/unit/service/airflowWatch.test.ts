import assert from 'node:assert/strict';
import { AirflowHttpError } from '../../../src/airflow/client.ts';
import { AirflowUnreachableError } from '../../../src/airflow/http.ts';
import type { ClusterEvent } from '../../../src/api/people.ts';
import { pageOf, topicOf, type PageTopic } from '../../../src/api/topics.ts';
import { AirflowWatch } from '../../../src/service/airflow/airflowWatch.ts';
import type { AirflowPage, PageAnswer } from '../../../src/service/airflow/dagPages.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { until } from '../../support/until.ts';

function pages(...topics: PageTopic[]): Map<PageTopic, AirflowPage> {
  return new Map(topics.map((topic) => [topic, pageOf(topic) as AirflowPage]));
}

function runs(dag_id: string, states: string[]): ClusterEvent {
  const run = (state: string, index: number) => ({
    ...{ dag_id, run_id: `r${index}`, state, kind: 'manual' },
    ...{ started: null, ended: null },
  });
  return { type: 'runs', dag_id, runs: states.map(run), more: false };
}

describe('the watch over Airflow', () => {
  let watch: AirflowWatch;
  let asked: string[];
  let told: string[];
  /** Of this test's watch: the one before may still have a question under way. */
  let questions: { atOnce: number; mostAtOnce: number };
  let answer: (topic: string) => PageAnswer | Promise<PageAnswer>;

  beforeEach(() => {
    asked = [];
    told = [];
    const own = { atOnce: 0, mostAtOnce: 0 };
    questions = own;
    answer = () => ({ event: runs('a', ['success']), isRunning: false });
    watch = new AirflowWatch(
      async (page) => {
        asked.push(topicOf(page));
        own.atOnce += 1;
        own.mostAtOnce = Math.max(own.mostAtOnce, own.atOnce);
        await new Promise((resolve) => setTimeout(resolve, 5));
        own.atOnce -= 1;
        return answer(topicOf(page));
      },
      lineLogger(() => undefined),
    );
    watch.on('page', (topic) => told.push(topic));
  });
  afterEach(() => watch.stop());

  it('looks for DAGs more often after a file was saved', async () => {
    watch.want(pages('dags', 'runs:a'));
    await until(() => asked.length === 2);
    watch.dagFileSaved();
    const saved = performance.now();
    await until(() => asked.length === 4, { what: 'two more' });
    // Else each 2 s.
    assert.ok(performance.now() - saved < 3900, 'more often');
    assert.deepEqual(asked.slice(2), ['dags', 'dags']);
  });

  it('asks for nothing that nobody wants, and for what is wanted one after another', async () => {
    watch.nudge();
    watch.lookAgain();
    assert.deepEqual(watch.of('dags'), []);
    watch.want(pages('dags', 'runs:a', 'run:a:r'));
    await until(() => told.length === 3);
    assert.deepEqual(asked, ['dags', 'runs:a', 'run:a:r']);
    assert.equal(questions.mostAtOnce, 1);
    watch.want(pages());
    assert.deepEqual(watch.of('dags'), []);
    watch.nudge();
    assert.equal(asked.length, 3);
  });

  it('asks for a page at once that somebody begins to look at, and keeps the others', async () => {
    watch.want(pages('runs:a'));
    await until(() => told.length === 1);
    watch.want(pages('runs:a', 'runs:b'));
    await until(() => told.length === 2);
    assert.deepEqual(asked, ['runs:a', 'runs:b']);
    assert.equal(watch.of('runs:a').length, 1);
  });

  it('asks soon after a change, for the pages that it concerns, and tells only what came out new', async () => {
    watch.want(pages('runs:a', 'runs:b', 'run:a:r1', 'run:a:r2'));
    await until(() => told.length === 4);
    asked.length = 0;
    for (let change = 0; change < 100; change += 1) watch.nudge({ dag_id: 'a', run_id: 'r1' });
    await until(() => asked.length === 2 && questions.atOnce === 0, { limitMs: 4800 });
    assert.deepEqual(asked.toSorted(), ['run:a:r1', 'runs:a']);
    assert.equal(told.length, 4);
    answer = () => ({ event: runs('a', ['failed']), isRunning: false });
    watch.nudge({ dag_id: 'b', run_id: 'r' });
    await until(() => told.length === 5, { limitMs: 4800 });
    assert.deepEqual([asked.slice(2), told[4]], [['runs:b'], 'runs:b']);
  });

  it('asks again by itself while something runs', async () => {
    answer = () => ({ event: runs('a', ['running']), isRunning: true });
    watch.want(pages('run:a:r'));
    await until(() => asked.length === 3);
    assert.equal(told.length, 1);
  });

  it('says of all pages that Airflow is away, leaves it alone, and comes back', async () => {
    watch.want(pages('runs:a'));
    await until(() => told.length === 1);
    const gone = new AirflowUnreachableError('http://127.0.0.1:8080', new Error('refused'));
    answer = () => Promise.reject(gone);
    watch.want(pages('runs:a', 'runs:b'));
    await until(() => told.length === 3);
    assert.deepEqual(
      watch.of('runs:a').map(({ type }) => type),
      ['runs', 'problem'],
    );
    const [problem] = watch.of('runs:b');
    assert.ok(problem?.type === 'problem' && problem.problem && !problem.gone);
    assert.match(problem.problem.error, /Airflow does not answer/);
    for (let change = 0; change < 10; change += 1) watch.nudge();
    const before = asked.length;
    answer = () => ({ event: runs('a', ['success']), isRunning: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(asked.length, before, 'it is not asked while it is to be left alone');
    watch.lookAgain();
    await until(() => watch.of('runs:a').length === 2 && told.length === 5);
    const events = [...watch.of('runs:a'), ...watch.of('runs:b')];
    assert.deepEqual(
      events.map((event) => (event.type === 'problem' ? event.problem : event.type)),
      ['runs', null, 'runs', null],
    );
  });

  it('says that a run is gone, and no longer shows it', async () => {
    watch.want(pages('run:a:r'));
    await until(() => told.length === 1);
    answer = () => Promise.reject(new AirflowHttpError('GET', 404, 'no such run'));
    watch.nudge({ dag_id: 'a' });
    await until(() => told.length === 2);
    const [event, ...more] = watch.of('run:a:r');
    assert.ok(event?.type === 'problem' && event.gone && more.length === 0);
    assert.equal(event.problem?.why, 'no such run');
  });

  it('lets the others go on where Airflow stumbles over one', async () => {
    answer = (topic) => {
      if (topic === 'runs:a') throw new AirflowHttpError('GET', 500, 'oops');
      return { event: runs('b', ['success']), isRunning: false };
    };
    watch.want(pages('runs:a', 'runs:b'));
    await until(() => told.length === 2);
    assert.deepEqual(
      [watch.of('runs:a'), watch.of('runs:b')].map(([event]) => event?.type),
      ['problem', 'runs'],
    );
  });
});
