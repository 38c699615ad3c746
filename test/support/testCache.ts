import os from 'node:os';
import path from 'node:path';

/** Where tests keep what takes long to make, as `testCache` of scripts/python.mjs has it. */
export function testCache(): string {
  return process.env.MESOS_AIRFLOW_TEST_CACHE ?? path.join(os.homedir(), '.cache', 'mesos-airflow-test');
}
