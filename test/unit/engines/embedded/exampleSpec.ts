import type { EmbeddedSpec } from '../../../../src/api/cluster.ts';

/** A spec as `up` writes it. */
export function exampleSpec(
  changed: { master_port?: number; airflow_port?: number; agents?: number; service?: string } = {},
): EmbeddedSpec {
  const agents = Array.from({ length: changed.agents ?? 2 }, (_, index) => ({
    name: `agent-${index + 1}`,
    port: 5051 + index,
    cpus: 4,
    mem: 4096,
    disk: 10_240,
  }));
  return {
    format: 1,
    name: 'default',
    engine: 'embedded',
    created: 1_000,
    service: {
      port: 7411,
      program: changed.service ?? '/cache/installations/abc/service.cjs',
      node: '/bin/node',
    },
    mesos: {
      program: '/cache/installations/abc/devmesos.cjs',
      master_port: changed.master_port ?? 5050,
      agents,
    },
    framework: {
      name: 'airflow',
      role: '*',
      user: 'someone',
      default_resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    },
    airflow: {
      deployment: '8e8f9b3e-4ae9-4b4e-9f5f-0a7f5a6c1d2e',
      python: '/cache/environments/x/bin/python',
      version: '3.3.2',
      port: changed.airflow_port ?? 8080,
      dags_folder: '/home/someone/dags',
      env: {},
    },
  };
}
