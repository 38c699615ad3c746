import assert from 'node:assert/strict';
import type { Dag, DagRun } from '../../../src/airflow/answers.ts';
import { IdleWatch, type IdleOptions } from '../../../src/service/idle/idleWatch.ts';
import { neededFor } from '../../../src/service/idle/needed.ts';

const minute = 60_000;

class Cluster {
  clients = 0;
  unfinished = 0;
  need: Awaited<ReturnType<IdleOptions['needed']>> | Error;
  asked = 0;
  ended = 0;
  now = 0;
  readonly told: string[] = [];
  readonly watch = new IdleWatch({
    limitMs: 60 * minute,
    clients: () => this.clients,
    unfinished: () => this.unfinished,
    needed: () => {
      this.asked += 1;
      return this.need instanceof Error ? Promise.reject(this.need) : Promise.resolve(this.need);
    },
    onIdle: () => (this.ended += 1),
    log: { info: (message) => this.told.push(message) },
    now: () => this.now,
  });

  /** Looks each minute. */
  async pass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 1) {
      this.now += minute;
      await this.watch.look();
    }
  }
}

describe('an idle cluster', () => {
  it('is one that nobody followed and where no task ran for as long as was set', async () => {
    const cluster = new Cluster();
    await cluster.pass(59);
    assert.equal(cluster.asked, 0);
    await cluster.pass(1);
    assert.equal(cluster.ended, 1);
  });

  it('is none while somebody follows it, asks something, or a task is not over', async () => {
    const cluster = new Cluster();
    cluster.clients = 1;
    await cluster.pass(100);
    cluster.clients = 0;
    cluster.unfinished = 1;
    await cluster.pass(100);
    cluster.unfinished = 0;
    await cluster.pass(30);
    cluster.watch.touch();
    await cluster.pass(59);
    assert.equal(cluster.ended, 0);
    await cluster.pass(1);
    assert.equal(cluster.ended, 1);
  });

  it('is kept for a run that goes on without tasks, and for as long again after it', async () => {
    const cluster = new Cluster();
    cluster.need = { when: 'now', what: 'the run r of d' };
    await cluster.pass(120);
    assert.equal(cluster.asked, 2);
    assert.deepEqual(cluster.told, ['nobody looks and no task runs; it is kept for the run r of d']);
    cluster.need = undefined;
    await cluster.pass(59);
    assert.equal(cluster.ended, 0);
    await cluster.pass(1);
    assert.equal(cluster.ended, 1);
  });

  it('is kept for a schedule, which is asked for now and then; it ends soon after that is gone', async () => {
    const cluster = new Cluster();
    cluster.need = { when: 'later', what: 'the schedule of d (@daily)' };
    await cluster.pass(120);
    assert.equal(cluster.asked, 11);
    assert.equal(cluster.told.length, 1);
    cluster.need = undefined;
    await cluster.pass(6);
    assert.equal(cluster.ended, 1);
  });

  it('waits for an Airflow that does not answer, but not for ever', async () => {
    const cluster = new Cluster();
    cluster.need = new Error('ECONNREFUSED');
    await cluster.pass(119);
    assert.equal(cluster.ended, 0);
    await cluster.pass(7);
    assert.equal(cluster.ended, 1);
  });

  it('goes on where somebody came while Airflow was asked', async () => {
    const cluster = new Cluster();
    await cluster.pass(59);
    cluster.now += minute;
    const looking = cluster.watch.look();
    cluster.clients = 1;
    await looking;
    assert.equal(cluster.ended, 0);
  });
});

describe('what an idle cluster is kept for', () => {
  const dag = (dag_id: string, schedule: string | null, paused = false): Dag => ({
    ...{
      dag_id,
      schedule,
      paused,
      fileloc: '/d.py',
      has_import_errors: false,
      stale: false,
      last_parsed: null,
    },
  });
  const run = (dag_id: string, state: string): DagRun => ({
    ...{ dag_id, run_id: 'manual__1', state, run_type: 'manual' },
    ...{ run_after: null, queued: null, started: null, ended: null },
  });
  const asked = (dags: Dag[], runs: DagRun[] = []): ReturnType<typeof neededFor> =>
    neededFor({
      dags: () => Promise.resolve(dags),
      runsIn: (state) => Promise.resolve(runs.filter((one) => one.state === state)),
    });

  it('is a run that goes on, unless its DAG is paused', async () => {
    assert.deepEqual(await asked([dag('d', null)], [run('d', 'running')]), {
      when: 'now',
      what: 'the run manual__1 of d, which is running',
    });
    assert.equal(await asked([dag('d', null, true)], [run('d', 'queued')]), undefined);
  });

  it('is a schedule of a DAG that is not paused', async () => {
    assert.deepEqual(await asked([dag('a', null), dag('d', '0 0 * * *')]), {
      when: 'later',
      what: 'the schedule of d (0 0 * * *)',
    });
    assert.equal(await asked([dag('d', '@daily', true), dag('o', '@once'), dag('n', null)]), undefined);
  });
});
