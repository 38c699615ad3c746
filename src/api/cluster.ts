import * as z from 'zod/mini';
import { instant, protocolVersion } from './common.ts';

// Two files of a cluster's folder (ClusterFolder, src/host/folders.ts), 0600.

const resourcesOfAgent = { cpus: z.number(), mem: z.number(), disk: z.number() };

const common = {
  format: z.literal(1),
  name: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,30}$/)),
  created: instant,
  framework: z.object({
    name: z.string(),
    role: z.string(),
    user: z.string(),
    /** A task's resources where it asks for none of its own. */
    default_resources: z.object({ cpus: z.number(), mem: z.number(), disk: z.number(), gpus: z.number() }),
  }),
  /** How much of what happened is kept for `record` (2^20 bytes on the disk): 0 is none, absent 64. */
  journal: z.optional(z.object({ megabytes: z.int().check(z.nonnegative()) })),
};

/** As SecretReference of src/host/secretReference.ts. */
export const secretReference = z.union([
  z.object({ file: z.string() }),
  z.object({ environment: z.string() }),
  z.object({ command: z.readonly(z.array(z.string()).check(z.minLength(1))) }),
]);

const airflow = {
  /** The deployment's id, a UUID: ids and cursors of the executor are its own. */
  deployment: z.string(),
  /** The interpreter that has Airflow: on this machine, or inside the image. */
  python: z.string(),
  version: z.string(),
  /** Of the api-server on 127.0.0.1 of this machine. */
  port: z.int(),
  /** On this machine. */
  dags_folder: z.string(),
  /** Variables for Airflow's processes and tasks, from the workspace's .env. May be secret: they are in no label. */
  env: z.record(z.string(), z.string()),
  /** More of them, by where each is kept: whoever starts Airflow looks there. They go before `env`. */
  secrets: z.optional(z.record(z.string(), secretReference)),
};

export const embeddedSpec = z.object({
  ...common,
  engine: z.literal('embedded'),
  service: z.object({
    port: z.int(),
    /**
     * The service's bundle (service.cjs) and the Node that runs it: with them whoever finds the service dead starts it again.
     * Its folder is the installation: `python/` with the module airflow_mesos lies beside it.
     */
    program: z.string(),
    node: z.string(),
    /** Seconds without a client and without an unfinished task after which the cluster ends itself; 0: never. Default 3600. */
    idle_stop: z.optional(z.number().check(z.gte(0))),
  }),
  mesos: z.object({
    /** The bundle of the dev master and agents, and the Node that runs it. */
    program: z.string(),
    master_port: z.int(),
    agents: z.array(z.object({ name: z.string(), port: z.int(), ...resourcesOfAgent })),
  }),
  airflow: z.object(airflow),
});
export type EmbeddedSpec = z.infer<typeof embeddedSpec>;

/** On every container, network and volume of a cluster: whose, and which part; the latter is `task` on those of tasks. */
export const clusterLabel = 'mesos-airflow.cluster';
export const partLabel = 'mesos-airflow.part';

/** How the service learns whether a part is in order; addresses are those on the cluster's network. */
export const partCheck = z.discriminatedUnion('kind', [
  /** A GET that is answered with 200. */
  z.object({ kind: z.literal('http'), url: z.string() }),
  /** A port that takes connections. */
  z.object({ kind: z.literal('tcp'), host: z.string(), port: z.int() }),
  /**
   * One of Airflow's components (src/airflow/components.ts), by what the api-server says of it. `host`: its name on the
   * cluster's network, known there while its container runs; without it a dead one shows by its missing heartbeat only.
   */
  z.object({ kind: z.literal('airflow'), component: z.string(), host: z.optional(z.string()) }),
]);
export type PartCheck = z.infer<typeof partCheck>;

/**
 * A cluster in Docker. The engine writes it into the service's volume, and without `airflow.env` into the label
 * `mesos-airflow.spec` of the service's container, from which a lost cluster.json of this machine is written again.
 * An `address` or `url` is one on the cluster's network; a `port` is published on 127.0.0.1.
 */
export const dockerSpec = z.object({
  ...common,
  engine: z.literal('docker'),
  service: z.object({
    port: z.int(),
    /** Where Airflow and tasks reach the service. */
    url: z.string(),
    /** The port that it listens on inside its container, on all addresses. */
    listen: z.int(),
    image: z.string(),
  }),
  mesos: z.object({
    /** `apache`: Apache Mesos in the images of a preset; `dev`: our own master and agents. */
    distribution: z.enum(['apache', 'dev']),
    /** Why this one, in a sentence. */
    why: z.string(),
    /** Which images and commands, where Apache's. */
    preset: z.nullable(z.string()),
    master_port: z.int(),
    master_url: z.string(),
    agents: z.array(z.object({ name: z.string(), ...resourcesOfAgent })),
  }),
  tasks: z.object({
    /** `agent`: in the agents' own containers. `container`: each in a Docker container of its own. */
    run_in: z.enum(['agent', 'container']),
    /** Of `container`: what they run in, and the network that they join. */
    image: z.string(),
    network: z.string(),
    /** The interpreter that tasks run with, where they run. */
    python: z.string(),
    /** The folder of the module airflow_mesos there. */
    python_path: z.string(),
    /** Where the DAG folder is mounted. */
    dags_folder: z.string(),
  }),
  airflow: z.object({
    ...airflow,
    /** Where tasks and the service reach the api-server. */
    url: z.string(),
    image: z.string(),
  }),
  /** All containers but the service's own, in the order of their start. */
  parts: z.array(z.object({ name: z.string(), container: z.string(), check: partCheck })),
});
export type DockerSpec = z.infer<typeof dockerSpec>;

/** cluster.json: what was asked for. The engine writes it before it starts the service; ports stay with the cluster. */
export const clusterSpec = z.discriminatedUnion('engine', [embeddedSpec, dockerSpec]);
export type ClusterSpec = z.infer<typeof clusterSpec>;

/** Where the living service listens; without the file the cluster counts as brought down. */
const runtime = {
  protocol: z.int(),
  version: z.string(),
  /** Loopback TCP; of an embedded cluster, for Airflow and its tasks. */
  url: z.string(),
};

/** runtime.json of a service that is a process of this machine; written by itself once it listens. */
export const serviceRuntime = z.object({
  ...runtime,
  pid: z.int(),
  /** With `pid`, the process' identity (src/host/processes.ts). */
  started: z.string(),
  /** For local clients: a 0600 Unix socket (a named pipe on Windows). */
  socket: z.string(),
  /** It plays a recording: no cluster runs, and when the process ends nothing is left of it. */
  recording: z.optional(z.literal(true)),
});
export type ServiceRuntime = z.infer<typeof serviceRuntime>;

/** runtime.json of a service in a container; written by the engine. Docker starts it again where it dies. */
export const containerRuntime = z.object({ ...runtime, container: z.string() });
export type ContainerRuntime = z.infer<typeof containerRuntime>;

/** As long as `idle_stop` is where the spec says nothing. Seconds. */
export const usualIdleStop = 3600;

/** stopped.json: that an embedded cluster ended itself, because it was idle. Gone at its next start. */
export const stoppedItself = z.object({
  at: instant,
  /** How long nobody had looked and nothing had run. Seconds. */
  idle_s: z.number(),
});
export type StoppedItself = z.infer<typeof stoppedItself>;

/** parts.json: the processes of an embedded cluster, in the order of their start; read by whoever must find or end them. */
export const recordedParts = z.object({
  format: z.literal(1),
  parts: z.array(
    z.object({
      name: z.string(),
      /** With `started`, the process' identity (src/host/processes.ts). It leads a process group. */
      pid: z.int(),
      started: z.string(),
      at: instant,
      /** A digest of what was started; a part planned otherwise by now is not adopted. */
      plan: z.string(),
      restarts: z.int(),
    }),
  ),
});
export type RecordedParts = z.infer<typeof recordedParts>;

/** Files below the cluster's `secrets/`. */
export const secretFiles = {
  /** Opens every door of the service; for the person's own editor and command line. */
  admin: 'admin.token',
  /** Opens deployments/{deployment} only; for Airflow's executor. */
  airflow: 'airflow.token',
  /** Shared by the dev master and its agents. */
  mesos: 'mesos.secret',
  /** Opens the dev master and its agents to schedulers, operators and readers: `principal secret`, as Mesos' --credentials has it. */
  mesosCredentials: 'mesos.credentials',
} as const;

/** As whom the service talks to the dev Mesos. */
export const mesosPrincipal = 'mesos-airflow';

export { protocolVersion };
