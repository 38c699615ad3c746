import assert from 'node:assert/strict';
import net from 'node:net';
import { AirflowClient, AirflowHttpError } from '../../../src/airflow/client.ts';
import { AirflowUnreachableError } from '../../../src/airflow/http.ts';
import { startFakeAirflow, type FakeAirflow } from './fakeAirflow.ts';

function instance(task: string, mapIndex = -1, run = 'r1'): object {
  return {
    ...{ dag_id: 'd', dag_run_id: run, task_id: task, map_index: mapIndex, try_number: 1, max_tries: 0 },
    ...{ state: null, operator_name: '@task', queued_when: null, start_date: null, end_date: null },
  };
}

function run(dag: string, id: string): object {
  return {
    ...{ dag_id: dag, dag_run_id: id, state: 'running', run_type: 'manual' },
    ...{ queued_at: '2026-11-23T15:00:00Z', start_date: '2026-11-23T15:00:01.500000Z', end_date: null },
  };
}

describe("Airflow's client", () => {
  let airflow: FakeAirflow;
  let client: AirflowClient;
  let passwords: number;

  beforeEach(async () => {
    airflow = await startFakeAirflow();
    passwords = 0;
    client = new AirflowClient({
      url: airflow.url,
      username: 'admin',
      password: () => {
        passwords += 1;
        return Promise.resolve('right');
      },
    });
  });
  afterEach(() => airflow.stop());

  it('logs in once, and again where its token is refused', async () => {
    airflow.answer('GET /api/v2/dags/d/dagRuns/r1', 200, run('d', 'r1'));
    await Promise.all([client.dagRun('d', 'r1'), client.dagRun('d', 'r1')]);
    assert.equal(passwords, 1);
    airflow.forgetTokens();
    assert.equal((await client.dagRun('d', 'r1')).state, 'running');
    assert.equal(passwords, 2);
  });

  it('says what Airflow refused, and does not ask for ever', async () => {
    const wrong = new AirflowClient({
      url: airflow.url,
      username: 'admin',
      password: () => Promise.resolve('wrong'),
    });
    await assert.rejects(wrong.dags(), (error) => error instanceof AirflowHttpError && error.status === 401);
    await assert.rejects(client.dagRun('d', 'none'), (error) => {
      assert.ok(error instanceof AirflowHttpError);
      assert.deepEqual([error.status, error.detail], [404, 'Not Found']);
      return true;
    });
  });

  it('reads every page of the DAGs', async () => {
    const all = Array.from({ length: 250 }, (_, index) => ({
      ...{ dag_id: `d${index}`, fileloc: '/dags/ä.py', is_paused: true, timetable_summary: null },
      ...{ has_import_errors: false, last_parsed_time: '2026-11-23T15:00:00Z', more: 1 },
    }));
    airflow.answerWith('GET /api/v2/dags', (query) => {
      const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
      return { status: 200, body: { dags: all.slice(offset, offset + limit), total_entries: all.length } };
    });
    const dags = await client.dags();
    assert.equal(new Set(dags.map(({ dag_id }) => dag_id)).size, 250);
    assert.deepEqual(dags[0], {
      ...{ dag_id: 'd0', fileloc: '/dags/ä.py', paused: true, schedule: null, has_import_errors: false },
      stale: false,
      last_parsed: Date.UTC(2026, 10, 23, 15),
    });
  });

  it('reads DAGs whose file cannot be loaded any more, and not those whose file is gone', async () => {
    const dag = { fileloc: '/dags/a.py', is_paused: false, timetable_summary: null, last_parsed_time: null };
    const all = [
      { ...dag, dag_id: 'fine', has_import_errors: false, is_stale: false },
      { ...dag, dag_id: 'broken', has_import_errors: true, is_stale: true },
      { ...dag, dag_id: 'gone', has_import_errors: false, is_stale: true },
    ];
    airflow.answerWith('GET /api/v2/dags', (query) => {
      const dags = query.get('exclude_stale') === 'false' ? all : all.slice(0, 1);
      return { status: 200, body: { dags, total_entries: dags.length } };
    });
    const dags = await client.dags();
    assert.deepEqual(
      dags.map(({ dag_id }) => dag_id),
      ['fine', 'broken'],
    );
  });

  it('reads what a DAG declares for its runs, with and without defaults', async () => {
    const plain = { __class: 'airflow.sdk.definitions.param.Param', source: 'dag' };
    airflow.answer('GET /api/v2/dags/d/details', 200, {
      params: {
        city: { ...plain, value: 'Zürich', description: 'where', schema: { type: 'string' } },
        days: { ...plain, value: null, description: null, schema: {} },
      },
    });
    assert.deepEqual(await client.dagParams('d'), [
      { name: 'city', value: 'Zürich', description: 'where', schema: { type: 'string' } },
      { name: 'days', value: null, description: null, schema: {} },
    ]);
    airflow.answer('GET /api/v2/dags/d/details', 200, { params: null });
    assert.deepEqual(await client.dagParams('d'), []);
  });

  it('ends a list that grows shorter while it is read', async () => {
    airflow.answerWith('GET /api/v2/importErrors', (query) => {
      const error = { filename: 'x.py', bundle_name: null, stack_trace: 'E', timestamp: null };
      return {
        status: 200,
        body: { total_entries: 101, import_errors: query.get('offset') === '0' ? [error] : [] },
      };
    });
    assert.equal((await client.importErrors()).length, 1);
  });

  it('unpauses and triggers, with names that need quoting', async () => {
    const dag = 'täglich/a b';
    airflow.answer(`PATCH /api/v2/dags/${dag}`, 200, {});
    airflow.answer(`POST /api/v2/dags/${dag}/dagRuns`, 200, run(dag, 'mine:ü'));
    const made = await client.trigger(dag, { conf: { größe: 1 }, run_id: 'mine:ü' });
    assert.deepEqual(
      [made.run_id, made.started, made.ended],
      ['mine:ü', Date.UTC(2026, 10, 23, 15, 0, 1, 500), null],
    );
    assert.deepEqual(
      airflow.requests.slice(1).map(({ what, body }) => [what, body]),
      [
        [
          `POST /api/v2/dags/${dag}/dagRuns`,
          { logical_date: null, conf: { größe: 1 }, dag_run_id: 'mine:ü' },
        ],
        [`PATCH /api/v2/dags/${dag}`, { is_paused: false }],
      ],
    );
    await client.trigger(dag, { unpause: false });
    assert.equal(airflow.asked.filter((what) => what.startsWith('PATCH')).length, 1);
    airflow.answer(`POST /api/v2/dags/${dag}/dagRuns`, 400, { detail: 'the run_id is malformed' });
    await assert.rejects(client.trigger(dag));
    assert.equal(airflow.asked.filter((what) => what.startsWith('PATCH')).length, 1);
  });

  it('triggers once, also where Airflow says that it failed', async () => {
    let created = '';
    let posts = 0;
    airflow.answer('PATCH /api/v2/dags/d', 200, {});
    airflow.answerWith('POST /api/v2/dags/d/dagRuns', (_, body) => {
      posts += 1;
      if (posts === 1) return { status: 500, body: { detail: 'database is locked' } };
      created = (body as { dag_run_id: string }).dag_run_id;
      airflow.answer(`GET /api/v2/dags/d/dagRuns/${created}`, 200, run('d', created));
      // It is there, and the answer is lost.
      if (posts === 2) return { status: 500, body: 'Internal Server Error' };
      return { status: 409, body: { detail: 'already exists' } };
    });
    const made = await client.trigger('d');
    assert.equal(posts, 3);
    assert.equal(made.run_id, created);
    assert.match(made.run_id, /^manual__\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
  });

  it('gives up where Airflow keeps failing, and does not ask twice where it refuses', async () => {
    airflow.answer('POST /api/v2/dags/d/dagRuns', 500, { detail: 'broken' });
    await assert.rejects(client.trigger('d'), { status: 500, detail: 'broken' });
    assert.equal(airflow.asked.filter((what) => what.includes('dagRuns')).length, 3);
    airflow.answer('POST /api/v2/dags/d/dagRuns', 409, { detail: 'the run id is taken' });
    await assert.rejects(client.trigger('d', { run_id: 'mine' }), { status: 409 });
    assert.equal(airflow.asked.filter((what) => what.includes('dagRuns')).length, 4);
  });

  it('clears task instances, mapped ones by their index, and only says which where it is asked to', async () => {
    const path = 'POST /api/v2/dags/d ü/clearTaskInstances';
    airflow.answer(path, 200, { task_instances: [instance('a'), instance('b', 3)], total_entries: 2 });
    const cleared = await client.clear('d ü', 'r1', {
      tasks: [{ task_id: 'a' }, { task_id: 'b', map_index: 3 }],
      ...{ onlyFailed: true, downstream: false, dryRun: true },
    });
    assert.deepEqual(
      cleared.map((one) => [one.task_id, one.map_index]),
      [
        ['a', -1],
        ['b', 3],
      ],
    );
    await client.clear('d ü', 'r1', { onlyFailed: false, downstream: true, dryRun: false });
    const bodies = airflow.requests.filter(({ what }) => what === path).map(({ body }) => body);
    assert.deepEqual(bodies, [
      {
        ...{ dry_run: true, dag_run_id: 'r1', only_failed: true, include_downstream: false },
        ...{ reset_dag_runs: true, task_ids: ['a', ['b', 3]] },
      },
      {
        ...{ dry_run: false, dag_run_id: 'r1', only_failed: false, include_downstream: true },
        reset_dag_runs: true,
      },
    ]);
  });

  it('gives of many task instances those that were asked for, mapped ones apart', async () => {
    airflow.answer('GET /api/v2/dags/d/dagRuns/r1/taskInstances', 200, {
      total_entries: 3,
      task_instances: [instance('a', 0), instance('a', 1), instance('b')],
    });
    airflow.answer('GET /api/v2/dags/d/dagRuns/r2/taskInstances', 200, {
      total_entries: 1,
      task_instances: [instance('a', 0, 'r2')],
    });
    const found = await client.taskInstancesOf([
      { dag_id: 'd', run_id: 'r1', task_id: 'a', map_index: 1 },
      { dag_id: 'd', run_id: 'r2', task_id: 'a', map_index: 0 },
      { dag_id: 'd', run_id: 'gone', task_id: 'a', map_index: 0 },
    ]);
    assert.deepEqual(
      found.map(({ run_id, map_index }) => [run_id, map_index]),
      [
        ['r1', 1],
        ['r2', 0],
      ],
    );
    assert.deepEqual(await client.taskInstancesOf([]), []);
  });

  it('finds the newest run also of DAGs that rarely run', async () => {
    airflow.answer('GET /api/v2/dags/~/dagRuns', 200, {
      total_entries: 2000,
      dag_runs: [run('busy', 'b2'), run('busy', 'b1')],
    });
    airflow.answer('GET /api/v2/dags/quiet/dagRuns', 200, {
      total_entries: 1,
      dag_runs: [run('quiet', 'q1')],
    });
    airflow.answer('GET /api/v2/dags/never/dagRuns', 200, { total_entries: 0, dag_runs: [] });
    const latest = await client.latestRuns(['busy', 'quiet', 'never']);
    assert.deepEqual(
      [...latest].map(([dag, { run_id }]) => [dag, run_id]),
      [
        ['busy', 'b2'],
        ['quiet', 'q1'],
      ],
    );
  });

  it('does not take what is no answer of Airflow for one', async () => {
    airflow.answer('GET /api/v2/dags/d/dagRuns/r1', 200, '<html>');
    await assert.rejects(client.dagRun('d', 'r1'), AirflowHttpError);
    airflow.answer('GET /api/v2/dags/d/dagRuns/r1', 500, 'Internal Server Error');
    await assert.rejects(
      client.dagRun('d', 'r1'),
      (error) => error instanceof AirflowHttpError && error.detail === 'Internal Server Error',
    );
  });

  it('gives up an Airflow that does not answer in time', async () => {
    const silent = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const hasty = new AirflowClient({
      ...{ url: `http://127.0.0.1:${port}`, username: 'admin', timeoutMs: 50 },
      password: () => Promise.resolve('right'),
    });
    await assert.rejects(hasty.dags(), AirflowUnreachableError);
    await new Promise((resolve) => silent.close(resolve));
  });

  it('tells an Airflow that is away from one that refuses, and stops when told to', async () => {
    await airflow.stop();
    await assert.rejects(client.health(), AirflowUnreachableError);
    const stopped = AbortSignal.abort(new Error('enough'));
    await assert.rejects(client.health(stopped), /enough/);
  });
});
