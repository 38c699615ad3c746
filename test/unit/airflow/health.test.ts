import assert from 'node:assert/strict';
import type { AirflowHealth } from '../../../src/airflow/answers.ts';
import { AirflowClient } from '../../../src/airflow/client.ts';
import { componentCheck, lackOf } from '../../../src/airflow/health.ts';
import { startFakeAirflow, type FakeAirflow } from './fakeAirflow.ts';

const up = { healthy: true, heartbeat: 1000 };
const health: AirflowHealth = { database: true, scheduler: up, triggerer: up, 'dag-processor': up };

describe("a component's health", () => {
  it('is told by its own heartbeat, not by that of its predecessor', () => {
    assert.equal(lackOf('scheduler', health, 900), undefined);
    assert.equal(lackOf('scheduler', health, 1001), 'no heartbeat yet');
    const silent = { ...health, triggerer: { healthy: false, heartbeat: 1000 } };
    assert.match(lackOf('triggerer', silent, 900) ?? '', /no heartbeat since 1970/);
    assert.equal(lackOf('api-server', { ...health, database: false }, 0), 'its database does not answer');
  });
});

describe("a component's check", () => {
  let airflow: FakeAirflow;
  let client: AirflowClient;
  const { signal } = new AbortController();
  const beating = (at: number): object => {
    const time = new Date(at).toISOString();
    return {
      metadatabase: { status: 'healthy' },
      scheduler: { status: 'healthy', latest_scheduler_heartbeat: time },
      triggerer: { status: null, latest_triggerer_heartbeat: null },
      dag_processor: { status: 'healthy', latest_dag_processor_heartbeat: time },
    };
  };

  beforeEach(async () => {
    airflow = await startFakeAirflow();
    client = new AirflowClient({
      url: airflow.url,
      username: 'admin',
      password: () => Promise.resolve('right'),
    });
    airflow.answer('GET /execution/health', 200, { status: 'healthy' });
    airflow.answer('GET /api/v2/monitor/health', 200, beating(5000));
  });
  afterEach(() => airflow.stop());

  it('waits once for the execution API of each api-server', async () => {
    const check = componentCheck('api-server', client);
    await check(1, signal);
    await check(1, signal);
    assert.equal(airflow.asked.filter((what) => what === 'GET /execution/health').length, 1);
    await check(2, signal);
    assert.equal(airflow.asked.filter((what) => what === 'GET /execution/health').length, 2);
  });

  it("does not take another Airflow's api-server for ours", async () => {
    const stranger = new AirflowClient({
      url: airflow.url,
      username: 'admin',
      password: () => Promise.resolve('wrong'),
    });
    await assert.rejects(componentCheck('api-server', stranger)(1, signal), /another Airflow answers/);
  });

  it('waits for a first heartbeat', async () => {
    await assert.rejects(componentCheck('triggerer', client)(1000, signal), /no heartbeat yet/);
    await assert.rejects(componentCheck('scheduler', client)(6000, signal), /no heartbeat yet/);
    await componentCheck('scheduler', client)(4000, signal);
  });

  it('blames a component that was up neither for the api-server nor its predecessor', async () => {
    const scheduler = componentCheck('scheduler', client);
    await scheduler(4000, signal);
    await airflow.stop();
    await scheduler(4000, signal);
    await assert.rejects(scheduler(7000, signal), /waits for the api-server/);
    await assert.rejects(componentCheck('api-server', client)(1, signal), /does not answer yet/);
  });
});
