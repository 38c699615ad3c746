import type { ClusterSpec, DockerSpec } from '../../../src/api/cluster.ts';
import type {
  AgentView,
  ClusterView,
  DagView,
  FrameworkView,
  MesosTaskView,
  OfferView,
  PartView,
  TaskRun,
} from '../../../src/api/people.ts';
import type { ClusterState } from '../../../src/extension/cluster/state.ts';

// Views as a service sends them, for tests: whole and plausible, with what a test is about given.

export const atNoon = new Date(2026, 10, 23, 12, 0, 0).getTime();

export function clusterView(over: Partial<ClusterView> = {}): ClusterView {
  return {
    name: 'default',
    engine: 'embedded',
    version: '0.1.0',
    state: 'ready',
    problem: null,
    parts: [],
    master: { url: 'http://127.0.0.1:5050', version: '1.11.0', connected: true },
    framework: { id: 'f-1', name: 'airflow', role: '*', state: 'subscribed', suppressed: true },
    airflow: { url: 'http://127.0.0.1:8080', username: 'admin', healthy: true },
    counts: { waiting: 0, launched: 0, running: 0, failed: 0, finished: 0 },
    dags_folder: '/work/dags',
    started: atNoon,
    ...over,
  };
}

/** What an editor knows of a cluster that does nothing. */
export function clusterState(over: Partial<ClusterState> = {}): ClusterState {
  return {
    cluster: clusterView(),
    agents: [],
    frameworks: [],
    offers: { suppressed: true, offers: [] },
    tasks: new Map(),
    olderTasks: 'none',
    runs: new Map(),
    run: new Map(),
    problems: new Map(),
    ...over,
  };
}

export function partView(name: string, over: Partial<PartView> = {}): PartView {
  return {
    name,
    state: 'ready',
    pid: 1,
    detail: '',
    restarts: 0,
    log: `/logs/${name}.log`,
    since: atNoon,
    ...over,
  };
}

export function agentView(name: string, over: Partial<AgentView> = {}): AgentView {
  return {
    id: `id-of-${name}`,
    name,
    hostname: 'localhost',
    address: '127.0.0.1:5051',
    active: true,
    total: { cpus: 4, mem: 4096, disk: 10_240, gpus: 0 },
    used: { cpus: 0, mem: 0, disk: 0, gpus: 0 },
    offered: { cpus: 0, mem: 0, disk: 0, gpus: 0 },
    attributes: { name },
    registered: atNoon,
    ...over,
  };
}

export function frameworkView(name: string, over: Partial<FrameworkView> = {}): FrameworkView {
  return {
    id: `id-of-${name}`,
    name,
    user: 'somebody',
    roles: ['*'],
    ours: false,
    active: true,
    connected: true,
    tasks: 0,
    used: { cpus: 0, mem: 0, disk: 0, gpus: 0 },
    ...over,
  };
}

/** An unfinished task of spark-shell on agent-1. */
export function mesosTaskView(id: string, over: Partial<MesosTaskView> = {}): MesosTaskView {
  return {
    id,
    name: id,
    framework_id: 'id-of-spark-shell',
    framework: 'spark-shell',
    agent_id: 'id-of-agent-1',
    state: 'RUNNING',
    resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    ...over,
  };
}

export function offerView(id: string, over: Partial<OfferView> = {}): OfferView {
  return {
    id,
    agent_id: 'id-of-agent-1',
    agent: 'agent-1',
    resources: { cpus: 2.5, mem: 6144, disk: 0, gpus: 0 },
    at: atNoon,
    fate: 'outstanding',
    tasks: [],
    why: '',
    ...over,
  };
}

/** A DAG of the embedded cluster that runs when it is told to, and did not yet. */
export function dagView(dagId: string, over: Partial<DagView> = {}): DagView {
  return {
    dag_id: dagId,
    fileloc: `/work/dags/${dagId}.py`,
    paused: false,
    schedule: null,
    has_import_errors: false,
    last_run: null,
    ...over,
  };
}

export function taskRun(
  id: string,
  { key = {}, ...over }: Partial<Omit<TaskRun, 'key'>> & { key?: Partial<TaskRun['key']> } = {},
): TaskRun {
  return {
    id,
    key: {
      dag_id: 'weather_report',
      run_id: 'manual__2026-11-23T11:59:50.123+00:00',
      task_id: 'summarise',
      map_index: -1,
      try_number: 1,
      ...key,
    },
    state: 'queued',
    airflow_state: null,
    mesos_task_id: null,
    attempt: 0,
    agent_id: null,
    agent: null,
    resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    waits: null,
    info: '',
    queued: atNoon,
    launched: null,
    started: null,
    ended: null,
    ...over,
  };
}

/** The same task run as it runs, or ran, on agent-1. */
export function running(id: string, over: Parameters<typeof taskRun>[1] = {}): TaskRun {
  return taskRun(id, {
    state: 'running',
    mesos_task_id: `${id}.1`,
    attempt: 1,
    agent_id: 'id-of-agent-1',
    agent: 'agent-1',
    launched: atNoon + 500,
    started: atNoon + 1000,
    ...over,
  });
}

export function clusterSpec(name: string): ClusterSpec {
  return {
    format: 1,
    name,
    engine: 'embedded',
    created: atNoon,
    service: { port: 1, program: '/nowhere/service.cjs', node: '/nowhere/node' },
    mesos: { program: '/nowhere/devmesos.cjs', master_port: 2, agents: [] },
    framework: {
      name: 'airflow',
      role: '*',
      user: 'me',
      default_resources: { cpus: 1, mem: 512, disk: 0, gpus: 0 },
    },
    airflow: {
      deployment: '3f2a9100-0000-4000-8000-000000000000',
      python: '/nowhere/python',
      version: '3.3.2',
      port: 3,
      dags_folder: '/work/dags',
      env: {},
    },
  };
}

/** A cluster in Docker whose service is published at `port`. */
export function dockerSpec(name: string, port: number): DockerSpec {
  const embedded = clusterSpec(name);
  const dags = '/opt/mesos-airflow/dags';
  return {
    ...embedded,
    engine: 'docker',
    service: { port, url: 'http://service:7411', listen: 7411, image: 'mesos-airflow/mesos:1' },
    mesos: {
      distribution: 'dev',
      why: 'Docker runs on arm64, and Apache has no images for it',
      preset: null,
      master_port: 2,
      master_url: 'http://mesos-master:5050',
      agents: [],
    },
    tasks: { run_in: 'agent', image: '', network: '', python: '', python_path: '', dags_folder: dags },
    airflow: { ...embedded.airflow, url: 'http://api-server:8080', image: 'mesos-airflow/airflow:1' },
    parts: [],
  };
}
