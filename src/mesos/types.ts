// Mesos v1 messages as JSON carries them: proto field names, bytes as base64, enums by name. Fields that no part of
// this project reads or writes are left out; unknown fields are kept by whoever passes a message on.
// Source: Apache Mesos 1.11 include/mesos/v1/*.proto; what the wire really carries was observed (test/fixtures/mesos/).

export interface Id {
  value: string;
}

export interface Label {
  key: string;
  value?: string;
}

export interface Labels {
  labels?: Label[];
}

export interface Range {
  begin: number;
  end: number;
}

export interface ReservationInfo {
  type: 'STATIC' | 'DYNAMIC';
  role?: string;
  principal?: string;
  labels?: Labels;
}

export interface Resource {
  name: string;
  type: 'SCALAR' | 'RANGES' | 'SET';
  scalar?: { value: number };
  ranges?: { range?: Range[] };
  set?: { item?: string[] };
  role?: string;
  allocation_info?: { role?: string };
  reservations?: ReservationInfo[];
  revocable?: object;
  shared?: object;
  /** A volume or a disk of its own kind; such a resource is used as a whole or not at all. */
  disk?: object;
}

export interface Attribute {
  name: string;
  type: 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';
  scalar?: { value: number };
  ranges?: { range?: Range[] };
  set?: { item?: string[] };
  text?: { value: string };
}

export interface Url {
  scheme: string;
  address: { hostname?: string; ip?: string; port: number };
  path?: string;
}

export interface FrameworkInfo {
  user: string;
  name: string;
  id?: Id;
  failover_timeout?: number;
  checkpoint?: boolean;
  role?: string;
  roles?: string[];
  hostname?: string;
  principal?: string;
  webui_url?: string;
  capabilities?: { type?: FrameworkCapability }[];
  labels?: Labels;
}

export type FrameworkCapability =
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE';

export interface EnvironmentVariable {
  name: string;
  value?: string;
  type?: 'VALUE' | 'SECRET';
}

export interface CommandUri {
  value: string;
  executable?: boolean;
  extract?: boolean;
  cache?: boolean;
  output_file?: string;
}

export interface CommandInfo {
  uris?: CommandUri[];
  environment?: { variables?: EnvironmentVariable[] };
  /** True (the default): `value` is a shell command line. False: `value` is the program, `arguments` its argv. */
  shell?: boolean;
  value?: string;
  arguments?: string[];
  user?: string;
}

/** A folder of the agent's machine (`host_path`) inside a container. */
export interface Volume {
  container_path: string;
  host_path?: string;
  mode: 'RW' | 'RO';
}

export interface Parameter {
  key: string;
  value: string;
}

export interface DockerInfo {
  image: string;
  /** `USER`: the network that `ContainerInfo.network_infos` names. */
  network?: 'HOST' | 'BRIDGE' | 'NONE' | 'USER';
  privileged?: boolean;
  /** Options of `docker run`: `--key=value`. */
  parameters?: Parameter[];
  force_pull_image?: boolean;
}

/** Of type `DOCKER`, a command's `value` and `arguments` stand behind the image on the command line of `docker run`. */
export interface ContainerInfo {
  type: 'DOCKER' | 'MESOS';
  volumes?: Volume[];
  hostname?: string;
  docker?: DockerInfo;
  mesos?: object;
  network_infos?: { name?: string }[];
}

export interface Duration {
  nanoseconds: number;
}

export interface KillPolicy {
  grace_period?: Duration;
}

export interface ExecutorInfo {
  type?: 'UNKNOWN' | 'DEFAULT' | 'CUSTOM';
  executor_id: Id;
  framework_id?: Id;
  command?: CommandInfo;
  resources?: Resource[];
  name?: string;
  source?: string;
  container?: ContainerInfo;
  discovery?: object;
  /** base64 */
  data?: string;
  shutdown_grace_period?: Duration;
  labels?: Labels;
}

export type CheckType = 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';

/** How often something is asked of a task; seconds. */
export interface CheckTimes {
  /** Default 15. */
  delay_seconds?: number;
  /** Default 10. */
  interval_seconds?: number;
  /** Default 20; 0: none. */
  timeout_seconds?: number;
}

/** Whether a task is well: one that isn't, so many times in a row, is killed. */
export interface HealthCheck extends CheckTimes {
  type?: CheckType;
  command?: CommandInfo;
  http?: { port: number; path?: string; scheme?: string; protocol?: 'IPv4' | 'IPv6' };
  tcp?: { port: number; protocol?: 'IPv4' | 'IPv6' };
  /** Default 3. */
  consecutive_failures?: number;
  /** Default 10. */
  grace_period_seconds?: number;
}

/** What is asked of a task, and told to its scheduler whenever it changes. */
export interface CheckInfo extends CheckTimes {
  type?: CheckType;
  command?: { command: CommandInfo };
  http?: { port: number; path?: string };
  tcp?: { port: number };
}

export interface CheckStatusInfo {
  type?: CheckType;
  command?: { exit_code?: number };
  http?: { status_code?: number };
  tcp?: { succeeded?: boolean };
}

export interface TaskInfo {
  name: string;
  task_id: Id;
  agent_id: Id;
  resources?: Resource[];
  executor?: ExecutorInfo;
  command?: CommandInfo;
  container?: ContainerInfo;
  /** base64 */
  data?: string;
  kill_policy?: KillPolicy;
  health_check?: HealthCheck;
  check?: CheckInfo;
  max_completion_time?: Duration;
  labels?: Labels;
  discovery?: object;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';

/** Over for good. TASK_LOST is terminal by the proto; TASK_UNREACHABLE, TASK_UNKNOWN are not proof of anything. */
export const terminalTaskStates: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export type StatusSource = 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';

export interface ContainerId {
  value: string;
  parent?: ContainerId;
}

export interface ContainerStatus {
  container_id?: ContainerId;
  network_infos?: { ip_addresses?: { protocol?: string; ip_address?: string }[] }[];
  executor_pid?: number;
}

export interface TaskStatus {
  task_id: Id;
  state: TaskState;
  message?: string;
  source?: StatusSource;
  /** `REASON_…`; an open set, newer masters add to it. */
  reason?: string;
  /** base64 */
  data?: string;
  agent_id?: Id;
  executor_id?: Id;
  /** Seconds since the epoch. */
  timestamp?: number;
  /** base64 of 16 bytes. Present: the update must be acknowledged. Absent: it must not. */
  uuid?: string;
  healthy?: boolean;
  check_status?: CheckStatusInfo;
  labels?: Labels;
  container_status?: ContainerStatus;
  unreachable_time?: Duration;
}

export interface Offer {
  id: Id;
  framework_id: Id;
  agent_id: Id;
  hostname: string;
  url?: Url;
  resources?: Resource[];
  attributes?: Attribute[];
  executor_ids?: Id[];
  allocation_info?: { role?: string };
  domain?: object;
}

export interface Filters {
  /** Seconds; default 5. */
  refuse_seconds?: number;
}

export interface Operation {
  type: 'LAUNCH' | 'LAUNCH_GROUP' | 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY';
  id?: Id;
  launch?: { task_infos?: TaskInfo[] };
  launch_group?: { executor: ExecutorInfo; task_group: { tasks?: TaskInfo[] } };
}

export interface MasterInfo {
  id: string;
  ip?: number;
  port: number;
  pid?: string;
  hostname?: string;
  version?: string;
  address?: { hostname?: string; ip?: string; port: number };
  capabilities?: { type?: string }[];
}

/** A call to /api/v1/scheduler. All but SUBSCRIBE carry framework_id and the Mesos-Stream-Id header. */
export type SchedulerCall = { framework_id?: Id } & (
  | { type: 'SUBSCRIBE'; subscribe: { framework_info: FrameworkInfo; suppressed_roles?: string[] } }
  | { type: 'TEARDOWN' }
  | { type: 'ACCEPT'; accept: { offer_ids?: Id[]; operations?: Operation[]; filters?: Filters } }
  | { type: 'DECLINE'; decline: { offer_ids?: Id[]; filters?: Filters } }
  | { type: 'REVIVE'; revive?: { roles?: string[] } }
  | { type: 'SUPPRESS'; suppress?: { roles?: string[] } }
  | { type: 'KILL'; kill: { task_id: Id; agent_id?: Id; kill_policy?: KillPolicy } }
  | { type: 'SHUTDOWN'; shutdown: { executor_id: Id; agent_id?: Id } }
  | { type: 'ACKNOWLEDGE'; acknowledge: { agent_id: Id; task_id: Id; uuid: string } }
  | { type: 'RECONCILE'; reconcile: { tasks?: { task_id: Id; agent_id?: Id }[] } }
  | { type: 'MESSAGE'; message: { agent_id: Id; executor_id: Id; data: string } }
  | { type: 'REQUEST'; request: { requests?: { agent_id?: Id; resources?: Resource[] }[] } }
  | { type: 'ACCEPT_INVERSE_OFFERS'; accept_inverse_offers: { inverse_offer_ids?: Id[]; filters?: Filters } }
  | {
      type: 'DECLINE_INVERSE_OFFERS';
      decline_inverse_offers: { inverse_offer_ids?: Id[]; filters?: Filters };
    }
  | {
      type: 'ACKNOWLEDGE_OPERATION_STATUS';
      acknowledge_operation_status: { agent_id?: Id; uuid: string; operation_id: Id };
    }
  | {
      type: 'RECONCILE_OPERATIONS';
      reconcile_operations: { operations?: { operation_id: Id; agent_id?: Id }[] };
    }
  | {
      type: 'UPDATE_FRAMEWORK';
      update_framework: { framework_info: FrameworkInfo; suppressed_roles?: string[] };
    }
);

/** An event of the scheduler stream. An unknown type must be tolerated: newer masters add some. */
export type SchedulerEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: { framework_id: Id; heartbeat_interval_seconds?: number; master_info?: MasterInfo };
    }
  | { type: 'OFFERS'; offers: { offers?: Offer[] } }
  | { type: 'INVERSE_OFFERS'; inverse_offers: { inverse_offers?: object[] } }
  | { type: 'RESCIND'; rescind: { offer_id: Id } }
  | { type: 'RESCIND_INVERSE_OFFER'; rescind_inverse_offer: { inverse_offer_id: Id } }
  | { type: 'UPDATE'; update: { status: TaskStatus } }
  | { type: 'UPDATE_OPERATION_STATUS'; update_operation_status: { status: object } }
  | { type: 'MESSAGE'; message: { agent_id: Id; executor_id: Id; data: string } }
  | { type: 'FAILURE'; failure: { agent_id?: Id; executor_id?: Id; status?: number } }
  | { type: 'ERROR'; error: { message: string } }
  | { type: 'HEARTBEAT' };

/** A task as master and agent list it (GET_TASKS, GET_STATE). */
export interface Task {
  name: string;
  task_id: Id;
  framework_id: Id;
  executor_id?: Id;
  agent_id: Id;
  state: TaskState;
  resources?: Resource[];
  statuses?: TaskStatus[];
  status_update_state?: TaskState;
  status_update_uuid?: string;
  labels?: Labels;
  container?: ContainerInfo;
  user?: string;
  health_check?: HealthCheck;
  check?: CheckInfo;
  kill_policy?: KillPolicy;
}

export interface AgentInfo {
  hostname: string;
  port?: number;
  id?: Id;
  resources?: Resource[];
  attributes?: Attribute[];
  domain?: object;
  /** Only in what the master's operator API prints. */
  checkpoint?: boolean;
}

/** Of the master's GET_AGENTS. */
export interface AgentEntry {
  agent_info: AgentInfo;
  active: boolean;
  deactivated?: boolean;
  version: string;
  /** `slave(1)@ip:port`: the agent's own address, unlike the hostname that it advertises. */
  pid?: string;
  registered_time?: Duration;
  reregistered_time?: Duration;
  total_resources?: Resource[];
  allocated_resources?: Resource[];
  offered_resources?: Resource[];
  capabilities?: { type?: string }[];
}

/** Of the master's GET_FRAMEWORKS. */
export interface FrameworkEntry {
  framework_info: FrameworkInfo;
  active: boolean;
  connected: boolean;
  recovered?: boolean;
  registered_time?: Duration;
  reregistered_time?: Duration;
  unregistered_time?: Duration;
  offers?: Offer[];
  allocated_resources?: Resource[];
  offered_resources?: Resource[];
}

/** Of LIST_FILES. */
export interface FileInfo {
  path: string;
  nlink?: number;
  size?: number;
  mtime?: Duration;
  mode?: number;
  uid?: string;
  gid?: string;
}
