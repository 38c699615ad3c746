import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { AirflowClient, AirflowHttpError } from '../../../src/airflow/client.ts';
import { airflowSecrets } from '../../../src/airflow/secrets.ts';
import { adminName, airflowUrl } from '../../../src/airflow/setup.ts';
import { until } from '../../support/until.ts';
import { startAirflow, type RunningAirflow } from './runningAirflow.ts';

const mapped = `
import os
from airflow.sdk import dag, get_current_context, task

@dag(schedule="@daily", catchup=False)
def fächer():
    @task
    def teile():
        return [f"{os.environ['GREETING']} {n}" for n in get_current_context()["params"].get("größen", [])]

    @task
    def gruß(text):
        print(text)
        return text

    @task
    def summe(texte):
        assert sorted(texte) == ["Grüße 1", "Grüße 2", "Grüße 3"], texte

    summe(gruß.expand(text=teile()))

fächer()
`
  .replaceAll('fächer', 'fächer')
  .replaceAll('gruß', 'gruß');

/** Fails until the file is there. */
function mendable(flag: string): string {
  return `
import os
from airflow.sdk import dag, task

@dag(schedule=None)
def mendable():
    @task
    def works():
        pass

    @task
    def breaks():
        assert os.path.exists(${JSON.stringify(flag)})

    @task
    def after():
        pass

    works() >> breaks() >> after()

mendable()
`;
}

describe('Airflow, run by us', function () {
  this.timeout(180_000);
  let airflow: RunningAirflow;

  before(async () => {
    airflow = await startAirflow();
  });
  after(async () => {
    // Ten seconds are what the supervisor waits before it kills; a busy machine gets more here.
    const took = await airflow.stop();
    assert.ok(took < 30_000, `it took ${took} ms to end`);
  });

  it('has all components up, and says so', async () => {
    const health = await airflow.client.health();
    assert.ok(health.database && health.scheduler.healthy && health.triggerer.healthy);
    assert.ok(health['dag-processor'].healthy);
  });

  it('lets nobody in without the password', async () => {
    const stranger = new AirflowClient({
      url: airflowUrl(airflow.setup),
      username: adminName,
      password: () => Promise.resolve('admin'),
    });
    await assert.rejects(
      stranger.dags(),
      (error) => error instanceof AirflowHttpError && error.status === 401,
    );
  });

  it('listens on loopback only', async () => {
    const outside = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of outside) {
      assert.equal(await connects(address, airflow.setup.port), false, address);
    }
    assert.equal(await connects('127.0.0.1', airflow.setup.port), true);
  });

  it('finds a new DAG file within five seconds, and a broken one with its line until it is mended', async () => {
    const soon = { limitMs: os.loadavg()[0]! > os.cpus().length ? 20_000 : 5000, everyMs: 100 };
    const good = await airflow.writeDag('fächer.py', mapped);
    const dag = await until(
      async () => (await airflow.client.dags()).find(({ dag_id }) => dag_id === 'fächer'),
      {
        ...soon,
        what: 'the DAG',
      },
    );
    assert.deepEqual([dag.fileloc, dag.paused, dag.has_import_errors], [good, true, false]);
    assert.equal(dag.schedule, '0 0 * * *');

    const broken = await airflow.writeDag(
      'broken.py',
      'import json\nfrom airflow.sdk import dag\njson.loads("{")  # ä\n',
    );
    const [error] = await until(
      async () => {
        const errors = await airflow.client.importErrors();
        return errors.length > 0 && errors;
      },
      { ...soon, what: 'the import error' },
    );
    assert.equal(error?.line, 3);
    assert.match(error.message, /JSONDecodeError/);
    assert.equal(path.basename(error.file), path.basename(broken));

    await fs.writeFile(broken, '');
    await until(async () => (await airflow.client.importErrors()).length === 0, {
      ...soon,
      what: 'its disappearance',
    });
  });

  it('runs a DAG with mapped tasks, parameters and variables of the person', async () => {
    const { client } = airflow;
    const run = await client.trigger('fächer', { conf: { größen: [1, 2, 3] }, run_id: 'von-Hand:1' });
    assert.equal(run.run_id, 'von-Hand:1');
    const ended = await until(
      async () => {
        const now = await client.dagRun('fächer', run.run_id);
        return ['success', 'failed'].includes(now.state) && now;
      },
      { limitMs: 120_000, everyMs: 200, what: "the run's end" },
    );
    const instances = await client.taskInstances('fächer', run.run_id);
    assert.equal(ended.state, 'success', JSON.stringify(instances));
    assert.deepEqual(
      instances.map(({ task_id, map_index, state }) => `${task_id} ${map_index} ${state ?? ''}`).sort(),
      ['gruß 0 success', 'gruß 1 success', 'gruß 2 success', 'summe -1 success', 'teile -1 success'],
    );
    for (const { queued, started, ended: end } of instances) {
      assert.ok(queued !== null && started !== null && end !== null && queued <= started && started <= end);
    }
    const asked = { dag_id: 'fächer', run_id: run.run_id, task_id: 'gruß', map_index: 2 };
    const found = await client.taskInstancesOf([asked, { ...asked, map_index: 9 }]);
    assert.deepEqual(
      found.map(({ map_index }) => map_index),
      [2],
    );
    assert.equal((await client.latestRuns(['fächer'])).get('fächer')?.dag_id, 'fächer');
  });

  it('runs a failed task again, and says before which ones that are', async () => {
    const { client, setup } = airflow;
    const file = path.join(setup.dagsFolder, 'mended.py');
    const flag = path.join(setup.dagsFolder, 'mended.flag');
    await fs.writeFile(file, mendable(flag));
    await until(async () => (await client.dags()).some(({ dag_id }) => dag_id === 'mendable'), {
      ...{ limitMs: 60_000, what: 'the DAG is read' },
    });
    const run = await client.trigger('mendable', { run_id: 'by-hand' });
    const ended = async (state: string): Promise<boolean> =>
      (await client.dagRun('mendable', run.run_id)).state === state;
    await until(() => ended('failed'), { limitMs: 60_000, what: 'the run has failed' });

    const options = { onlyFailed: true, downstream: true };
    const names = async (dryRun: boolean): Promise<string[]> =>
      (await client.clear('mendable', run.run_id, { ...options, dryRun })).map((one) => one.task_id).sort();
    assert.deepEqual(await names(true), ['after', 'breaks']);
    assert.ok(await ended('failed'), 'nothing is cleared by asking');
    await fs.writeFile(flag, '');
    assert.deepEqual(await names(false), ['after', 'breaks']);
    await until(() => ended('success'), { limitMs: 60_000, what: 'the run succeeds' });
    const tries = (await client.taskInstances('mendable', run.run_id)).map((one) => [
      one.task_id,
      one.try_number,
    ]);
    assert.deepEqual(Object.fromEntries(tries), { works: 1, breaks: 2, after: 1 });
  });

  it('shows no secret in a process, and none in a log', async () => {
    const secrets: Record<string, string> = { ...(await airflowSecrets(airflow.setup)) };
    for (const [name, { pid }] of airflow.processes) {
      let shown = await airflow.logOf(name);
      if (process.platform === 'linux') {
        shown += await fs.readFile(`/proc/${pid}/environ`, 'utf8');
        shown += await fs.readFile(`/proc/${pid}/cmdline`, 'utf8');
      }
      for (const [secret, value] of Object.entries(secrets))
        assert.ok(!shown.includes(value), `${secret} of ${name}`);
    }
  });
});

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 2000 });
    const end = (result: boolean) => () => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
