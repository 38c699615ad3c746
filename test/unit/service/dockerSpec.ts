import type { DockerSpec } from '../../../src/api/cluster.ts';

/** A cluster in Docker, for tests to change. */
export function dockerSpec(): DockerSpec {
  return {
    format: 1,
    name: 'c',
    engine: 'docker',
    created: 1,
    service: { port: 7000, url: 'http://service:7411', listen: 7411, image: 'mesos-airflow/mesos:1' },
    mesos: {
      distribution: 'dev',
      why: '',
      preset: null,
      master_port: 5000,
      master_url: 'http://mesos-master:5050',
      agents: [],
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: 'airflow',
      default_resources: { cpus: 1, mem: 1, disk: 0, gpus: 0 },
    },
    tasks: {
      run_in: 'container',
      image: 'mesos-airflow/airflow:1',
      network: 'airflow-on-mesos-c-network',
      python: '/opt/mesos-airflow/venv/bin/python',
      python_path: '/opt/mesos-airflow/python',
      dags_folder: '/opt/mesos-airflow/dags',
    },
    airflow: {
      deployment: 'd',
      python: '/opt/mesos-airflow/venv/bin/python',
      version: '3.3.2',
      port: 8000,
      dags_folder: '/home/me/dags',
      env: {},
      url: 'http://api-server:8080',
      image: 'mesos-airflow/airflow:1',
    },
    parts: [],
  };
}
