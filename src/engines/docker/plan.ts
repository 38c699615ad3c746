import { airflowComponents } from '../../airflow/components.ts';
import type { DockerSpec } from '../../api/cluster.ts';
import { airflowSetup } from './airflowSetup.ts';
import type { ContainerPlan, MountPlan } from './containerPlan.ts';
import type { MesosContainerPlan } from './mesos/plan.ts';
import { inside, partNames, volumeNames } from './inside.ts';
import { labels } from './labels.ts';
import { agentLimits, limitsOf, togetherOf } from './limits.ts';
import { specLabel, type ChosenImage, type PythonPlace } from './spec.ts';

export interface PlanParts {
  readonly spec: DockerSpec;
  /** For the label. */
  readonly settings: string;
  readonly engine: { readonly cpus: number; readonly selinux: boolean };
  readonly airflow: ChosenImage & PythonPlace;
  readonly service: ChosenImage;
  readonly database: ChosenImage;
  /** Master and agents, in this order. */
  readonly mesos: readonly (MesosContainerPlan & { readonly imageId: string })[];
}

/** All containers of a cluster, in the order of their start where it matters to a person. */
export function containerPlans(parts: PlanParts): ContainerPlan[] {
  return [databasePlan(parts), servicePlan(parts), ...mesosPlans(parts), ...airflowPlans(parts)];
}

/** Whom the database belongs to, and what it is called. */
export const database = {
  user: 'airflow',
  name: 'airflow',
  passwordFile: `${inside.database}/password`,
} as const;

function databasePlan({ database: image }: PlanParts): ContainerPlan {
  return {
    part: partNames.database,
    image: image.image,
    imageId: image.id,
    env: {
      POSTGRES_USER: database.user,
      POSTGRES_DB: database.name,
      POSTGRES_PASSWORD_FILE: database.passwordFile,
      // Not the volume's root, where the password lies.
      PGDATA: `${inside.database}/data`,
    },
    mounts: [{ kind: 'volume', volume: volumeNames.database, target: inside.database }],
    ports: [],
    limits: limitsOf(partNames.database),
    // The image's entry point gives the folder to postgres and becomes it; Docker's init, still root, hands signals on to it.
    capabilities: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETUID'],
    // A "fast shutdown": open connections are cut, and nothing has to be recovered.
    stopSignal: 'SIGINT',
    graceSeconds: 20,
    health: {
      Test: ['CMD', 'pg_isready', '--quiet', '--username', database.user, '--dbname', database.name],
      Interval: seconds(15),
      Timeout: seconds(5),
      Retries: 3,
      StartPeriod: seconds(60),
    },
  };
}

function servicePlan({ service: image, settings, spec }: PlanParts): ContainerPlan {
  return {
    part: partNames.service,
    image: image.image,
    imageId: image.id,
    entrypoint: ['node'],
    command: ['/opt/mesos-airflow/service.cjs', '--cluster', inside.state],
    env: {},
    mounts: [{ kind: 'volume', volume: volumeNames.state, target: inside.state }],
    ports: [{ inside: spec.service.listen, published: spec.service.port }],
    limits: limitsOf(partNames.service),
    capabilities: [],
    stopSignal: 'SIGTERM',
    graceSeconds: 10,
    labels: { [labels.spec]: specLabel(spec), [labels.settings]: settings },
  };
}

function mesosPlans({ engine, mesos, spec }: PlanParts): ContainerPlan[] {
  return mesos.map((plan) => {
    const { ports, ...rest } = plan;
    const size = spec.mesos.agents.find(({ name }) => name === plan.part || plan.aliases.includes(name));
    const agent = size && agentLimits(size, spec.tasks.run_in, engine.cpus);
    const master = plan.part === partNames.master ? limitsOf(plan.part) : undefined;
    return {
      ...rest,
      ports: ports.includes(inside.ports.master)
        ? [{ inside: inside.ports.master, published: spec.mesos.master_port }]
        : [],
      limits: togetherOf(agent, master),
      readsHostFolders: engine.selinux,
    };
  });
}

function airflowPlans({ airflow, engine, spec }: PlanParts): ContainerPlan[] {
  return airflowComponents(airflowSetup(spec, airflow)).map((component) => ({
    part: component.name,
    image: airflow.image,
    imageId: airflow.id,
    entrypoint: [component.command],
    command: component.args,
    env: component.env,
    mounts: [{ kind: 'volume', volume: volumeNames.airflow, target: inside.airflow }, dagsMount(spec)],
    ports:
      component.name === 'api-server' ? [{ inside: inside.ports.airflow, published: spec.airflow.port }] : [],
    workingDir: inside.airflow,
    limits: limitsOf(component.name),
    capabilities: [],
    // Where SELinux decides, the DAG folder keeps its label.
    readsHostFolders: engine.selinux,
    stopSignal: 'SIGTERM',
    // Now and then the triggerer waits for its own subprocess until it is killed; it holds nothing that is lost.
    graceSeconds: component.name === 'triggerer' ? 3 : 10,
  }));
}

function dagsMount(spec: DockerSpec): MountPlan {
  return { kind: 'bind', source: spec.airflow.dags_folder, target: spec.tasks.dags_folder, readOnly: true };
}

/** As Docker counts time. */
function seconds(count: number): number {
  return count * 1e9;
}
