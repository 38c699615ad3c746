import fs from 'node:fs/promises';
import path from 'node:path';
import type { DockerSpec } from '../../../src/api/cluster.ts';

/** The spec of a cluster in Docker with one agent. */
export function exampleDockerSpec(name: string): DockerSpec {
  const part = (part: string, port: number): DockerSpec['parts'][number] => ({
    name: part,
    container: `airflow-on-mesos-${name}-${part}`,
    check: { kind: 'tcp', host: part, port },
  });
  return {
    format: 1,
    name,
    engine: 'docker',
    created: 1_000,
    service: { port: 7411, url: 'http://service:7411', listen: 7411, image: 'mesos-airflow/mesos:1' },
    mesos: {
      distribution: 'dev',
      why: 'it was asked for',
      preset: null,
      master_port: 5050,
      master_url: 'http://mesos-master:5050',
      agents: [{ name: 'agent-1', cpus: 4, mem: 4096, disk: 10_240 }],
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: 'airflow',
      default_resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    },
    tasks: {
      run_in: 'agent',
      image: 'mesos-airflow/airflow:1',
      network: `airflow-on-mesos-${name}-network`,
      python: '/opt/mesos-airflow/venv/bin/python',
      python_path: '/opt/mesos-airflow/python',
      dags_folder: '/opt/mesos-airflow/dags',
    },
    airflow: {
      deployment: '8e8f9b3e-4ae9-4b4e-9f5f-0a7f5a6c1d2e',
      python: '/opt/mesos-airflow/venv/bin/python',
      version: '3.3.2',
      port: 8080,
      dags_folder: '/home/someone/dags',
      env: {},
      url: 'http://api-server:8080',
      image: 'mesos-airflow/airflow:1',
    },
    parts: [part('database', 5432), part('mesos-master', 5050), part('agent-1', 5051)],
  };
}

/** Writes cluster.json, and runtime.json where it runs, below a state folder. Returns the cluster's folder. */
export async function writeDockerSpec(state: string, name: string, running = false): Promise<string> {
  const root = path.join(state, 'clusters', name);
  await fs.mkdir(root, { recursive: true });
  await fs.writeFile(path.join(root, 'cluster.json'), JSON.stringify(exampleDockerSpec(name)));
  if (running) {
    const runtime = {
      protocol: 1,
      version: '0.1.0',
      url: 'http://127.0.0.1:1',
      container: `airflow-on-mesos-${name}-service`,
    };
    await fs.writeFile(path.join(root, 'runtime.json'), JSON.stringify(runtime));
  }
  return root;
}
