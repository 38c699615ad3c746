import type { DockerSpec } from '../../../../src/api/cluster.ts';
import type { ContainerPlan } from '../../../../src/engines/docker/containerPlan.ts';
import { mesosContainers } from '../../../../src/engines/docker/mesos/containers.ts';
import { containerPlans } from '../../../../src/engines/docker/plan.ts';
import { makeSpec, settingsLabel } from '../../../../src/engines/docker/spec.ts';
import type { DockerSettings } from '../../../../src/engines/docker/settings.ts';

export const engine = { cpus: 2, memoryMb: 16_384, selinux: false };

export const images = {
  airflow: {
    image: 'mesos-airflow/airflow:aaa',
    id: 'sha256:a',
    version: '3.3.2',
    python: '/opt/mesos-airflow/venv/bin/python',
    pythonPath: '/opt/mesos-airflow/python',
  },
  service: { image: 'mesos-airflow/mesos:bbb', id: 'sha256:b' },
  database: { image: 'postgres:17-bookworm', id: 'sha256:c' },
  agent: {
    image: 'mesos-airflow/agent:ddd',
    id: 'sha256:d',
    python: '/opt/mesos-airflow/venv/bin/python',
    pythonPath: '/opt/mesos-airflow/python',
  },
};

export interface Example {
  readonly spec: DockerSpec;
  readonly plans: ContainerPlan[];
}

/** The plans of a cluster called `try`, with our own Mesos. */
export function examplePlan(
  settings: DockerSettings = {},
  changed: { before?: DockerSpec; now?: number } = {},
): Example {
  const workDir = settings.tasks === 'container' ? '/var/lib/docker/volumes/w/_data' : '/var/lib/mesos';
  const count = settings.agents ?? changed.before?.mesos.agents.length ?? 2;
  const agents = Array.from({ length: count }, (_, index) => ({
    name: `agent-${index + 1}`,
    cpus: 4,
    mem: 2048,
    disk: 1024,
    workDir,
  }));
  const choice = {
    distribution: 'dev',
    preset: null,
    why: 'it is asked for',
    limits: [],
    platform: undefined,
  } as const;
  const mesos = mesosContainers(choice, {
    cluster: 'try',
    masterImage: images.service.image,
    agentImage: images.agent.image,
    agents,
    tasks: settings.tasks ?? 'agent',
    dags: '/home/me/dags',
  }).map((plan) => ({
    ...plan,
    imageId: plan.part === 'mesos-master' ? images.service.id : images.agent.id,
  }));
  const spec = makeSpec({
    name: 'try',
    settings,
    before: changed.before,
    ports: { service: 7411, master: 5050, airflow: 8080 },
    engineMemoryMb: engine.memoryMb,
    mesos: choice,
    airflow: images.airflow,
    agentPython: images.agent,
    serviceImage: images.service.image,
    mesosParts: mesos.flatMap(({ health, part }) =>
      Object.entries(health).map(([name, url]) => ({ name, container: part, health: url })),
    ),
    dagsFolder: '/home/me/dags',
    env: { MY_SECRET: 'swordfish' },
    now: changed.now ?? 1000,
  });
  const plans = containerPlans({
    spec,
    settings: settingsLabel(settings),
    engine,
    airflow: images.airflow,
    service: images.service,
    database: images.database,
    mesos,
  });
  return { spec, plans };
}
