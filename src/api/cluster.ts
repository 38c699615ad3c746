import * as z from 'zod/mini';
import { instant, protocolVersion } from './common.ts';

// Two files of a cluster's folder (ClusterFolder, src/host/folders.ts), 0600.

/** cluster.json: what was asked for. The engine writes it before it starts the service; ports stay with the cluster. */
export const clusterSpec = z.object({
  format: z.literal(1),
  name: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,30}$/)),
  engine: z.literal('embedded'),
  created: instant,
  service: z.object({
    port: z.int(),
    /**
     * The service's bundle (service.cjs) and the Node that runs it: with them whoever finds the service dead starts it again.
     * Its folder is the installation: `python/` with the module airflow_mesos lies beside it.
     */
    program: z.string(),
    node: z.string(),
  }),
  mesos: z.object({
    /** The bundle of the dev master and agents, and the Node that runs it. */
    program: z.string(),
    master_port: z.int(),
    agents: z.array(
      z.object({ name: z.string(), port: z.int(), cpus: z.number(), mem: z.number(), disk: z.number() }),
    ),
  }),
  framework: z.object({
    name: z.string(),
    role: z.string(),
    user: z.string(),
    /** A task's resources where it asks for none of its own. */
    default_resources: z.object({ cpus: z.number(), mem: z.number(), disk: z.number(), gpus: z.number() }),
  }),
  airflow: z.object({
    /** The deployment's id, a UUID: ids and cursors of the executor are its own. */
    deployment: z.string(),
    /** The environment's interpreter. */
    python: z.string(),
    version: z.string(),
    port: z.int(),
    dags_folder: z.string(),
    /** Variables for Airflow's processes and tasks, from the workspace's .env. */
    env: z.record(z.string(), z.string()),
  }),
});
export type ClusterSpec = z.infer<typeof clusterSpec>;

/** runtime.json: where the living service listens, written once it does. */
export const serviceRuntime = z.object({
  protocol: z.int(),
  version: z.string(),
  pid: z.int(),
  started: z.string(),
  /** For local clients: a 0600 Unix socket (a named pipe on Windows). */
  socket: z.string(),
  /** For Airflow and its tasks: loopback TCP. */
  url: z.string(),
});
export type ServiceRuntime = z.infer<typeof serviceRuntime>;

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
