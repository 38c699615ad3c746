import assert from 'node:assert/strict';
import type { Connection } from '../../../src/client/discover.ts';
import type { DockerSettings } from '../../../src/engines/docker/settings.ts';
import { until } from '../../support/until.ts';
import { ensureStandIns, standIns } from '../support/apacheMesos/standIns.ts';
import { TestClusters, Told } from '../support/clusters.ts';

/** A cluster on the stand-ins, by settings alone: as a person names images in place of a preset's. */
describe("a cluster with Apache's Mesos", function () {
  this.timeout(600_000);
  const name = 'mesos-test-apache';
  const settings: DockerSettings = {
    distribution: 'apache',
    masterImage: standIns.master,
    agentImage: standIns.agent,
    agents: 1,
    cpus: 2,
    mem: 1536,
  };
  const { signal } = new AbortController();
  let clusters: TestClusters;
  let told: Told;
  let connection: Connection;

  before(async function () {
    this.timeout(1_800_000);
    clusters = await TestClusters.make();
    await ensureStandIns(clusters.docker);
    told = new Told();
    const { progress } = told;
    await clusters
      .engine()
      .up(clusters.request(name, settings), { progress, signal })
      .catch(async (error: unknown) => {
        throw new Error(`${told.phases.join('\n')}\n${await clusters.logs(name)}`, { cause: error });
      });
    connection = await clusters.engine().connect(name, signal);
  });

  after(async function () {
    this.timeout(120_000);
    await clusters.remove();
  });

  it('says whose Mesos runs, why, and what it does otherwise', async () => {
    const { mesos } = await connection.client.cluster();
    assert.match(JSON.stringify(mesos), /"apache"/);
    assert.match(JSON.stringify(mesos), /images of your own: it is asked for/);
    assert.match(told.notices.join('\n'), /measures what tasks use and doesn't limit each/);
  });

  it("runs a DAG to its success in the agent's container, on Airflow's own libraries", async () => {
    const { client } = connection;
    await until(async () => (await client.dags()).some(({ dag_id }) => dag_id === 'weather_report'), {
      ...{ what: 'the DAG', limitMs: 120_000, everyMs: 500 },
    });
    const { run_id } = await client.trigger('weather_report');
    const run = await until(
      async () => {
        const now = await client.dagRun('weather_report', run_id);
        return now.state === 'success' || now.state === 'failed' ? now : undefined;
      },
      { what: 'the end of the run', limitMs: 300_000, everyMs: 500 },
    );
    assert.equal(run.state, 'success', JSON.stringify(run));
    const tasks = await client.tasks();
    assert.ok(tasks.length > 0);
    const [task] = tasks;
    const { data } = await client.log(task!.id);
    assert.notEqual(data, '');
  });
});
