import type { MountPlan, PlannedFile } from '../containerPlan.ts';

/** What a container of Mesos is made from: with an image's id, ports and limits it becomes a ContainerPlan. */
export interface MesosContainerPlan {
  /** `mesos-master` or an agent's name; its host name and name on the cluster's network. */
  readonly part: string;
  /** Further names there: of an all-in-one container, its agent's. */
  readonly aliases: readonly string[];
  readonly image: string;
  readonly platform: string | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Root, who alone can read the secrets, and run tasks as others. */
  readonly user: string;
  readonly mounts: readonly MountPlan[];
  readonly files: readonly PlannedFile[];
  /** Of all-in-one images only: systemd in a container needs it. */
  readonly privileged: boolean;
  /** Whether Docker's own init is process 1. False: the image brings one. */
  readonly init: boolean;
  /** `host`: agents that start containers see their processes, which Apache's Docker containerizer needs. */
  readonly pidMode: 'host' | undefined;
  /** Kept of Docker's default capabilities. */
  readonly capabilities: readonly string[] | 'default';
  readonly stopSignal: string;
  /** Between the stop signal and SIGKILL, in seconds. */
  readonly graceSeconds: number;
  /** What listens inside. */
  readonly ports: readonly number[];
  /** Answers with 200 once it is in order, without a login; on the cluster's network. By part. */
  readonly health: Readonly<Record<string, string>>;
}

export interface AgentRequest {
  /** `agent-1`, … */
  readonly name: string;
  readonly cpus: number;
  /** Megabytes (2^20 bytes). */
  readonly mem: number;
  readonly disk: number;
  /**
   * Where its work folder is inside. Where tasks have containers of their own: the very path that its volume has on the
   * Docker Engine's host, because Docker mounts sandboxes from there.
   */
  readonly workDir: string;
}

export interface MesosRequest {
  /** The cluster's name, which Mesos shows. */
  readonly cluster: string;
  /** What the master's container is made from. */
  readonly masterImage: string;
  /** What the agents' containers are made from: an image with Airflow in it. */
  readonly agentImage: string;
  readonly agents: readonly AgentRequest[];
  readonly tasks: 'agent' | 'container';
  /** Where tasks have containers of their own: Docker's socket on its host. Default: /var/run/docker.sock. */
  readonly dockerSocket?: string;
  /** The person's DAG folder on the Docker Engine's host. */
  readonly dags: string;
}

/** The part name of the volume that Apache's master keeps its registry on. */
export const masterVolume = 'mesos-master';
