import path from 'node:path';
import type { AirflowSetup } from '../../../src/airflow/setup.ts';

/** A setup below a folder, with a Python that isn't there. */
export function setupIn(folder: string, more: Partial<AirflowSetup> = {}): AirflowSetup {
  return {
    python: path.join(folder, 'environment', 'bin', 'python'),
    version: '3.3.2',
    home: path.join(folder, 'airflow'),
    secretsFolder: path.join(folder, 'secrets'),
    port: 8080,
    dagsFolder: path.join(folder, 'dags'),
    pythonPath: path.join(folder, 'python'),
    mesos: {
      url: 'http://127.0.0.1:9000',
      tokenFile: path.join(folder, 'secrets', 'airflow.token'),
      deployment: '5f0e9cbe-0000-4000-8000-000000000000',
    },
    parallelism: 32,
    variables: {},
    env: { PATH: '/usr/bin', HOME: '/home/me', AWS_SECRET_ACCESS_KEY: 'not yours' },
    ...more,
  };
}
