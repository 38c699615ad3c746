import type { Quantities } from '../mesos/resources.ts';
import type {
  Attribute,
  CommandInfo,
  ContainerInfo,
  KillPolicy,
  Label,
  MasterInfo,
  TaskState,
} from '../mesos/types.ts';

/** What Airflow is told of a request; the same words as in the HTTP API. `queued` again: an attempt never ran. */
export type RequestState =
  'queued' | 'launched' | 'starting' | 'running' | 'finished' | 'failed' | 'killed' | 'lost' | 'superseded';

export const terminalRequestStates: ReadonlySet<RequestState> = new Set<RequestState>([
  'finished',
  'failed',
  'killed',
  'lost',
  'superseded',
]);

/** cpus in cores, mem and disk in megabytes (2^20 bytes), gpus in devices; three decimals count, as on Mesos. */
export type Amounts = Quantities;

/**
 * The deployment of debug copies of tasks, which no Airflow has: what becomes of them is told to none, they are listed only
 * where they are asked for, and those that are over are not counted.
 */
export const debugDeployment = 'debug';

/** Which try of which task instance: Airflow's own key. `map_index` is -1 where the task is not mapped. */
export interface TaskKey {
  dag_id: string;
  run_id: string;
  task_id: string;
  map_index: number;
  try_number: number;
}

/** A request as it is submitted, already validated in form by the caller. */
export interface NewRequest {
  /** A UUID, Airflow's external executor id. Submitting it again is harmless. */
  id: string;
  key: TaskKey;
  /** Holds the task's token: kept until the request is over, given out once for a ticket, never shown or logged. */
  workload: Record<string, unknown>;
  /** What is left out takes `FrameworkOptions.defaultResources`. */
  resources?: { [K in keyof Amounts]?: Amounts[K] | undefined } | undefined;
  /** Agent attributes that must all be equal. */
  constraints?: Record<string, string> | undefined;
  /** Higher first, default 0; then first come, first served. */
  priority?: number | undefined;
  queue?: string | undefined;
}

export interface SubmitResult {
  /** On the disk, or already known. */
  accepted: string[];
  /** Will never run, with the reason to show. */
  refused: { id: string; reason: string }[];
}

/** Each id in exactly one list. Dead already counts as killing. */
export interface KillResult {
  killing: string[];
  unknown: string[];
}

/** `revoked`: certain never to start, or over. `running`: its process has begun; it is being killed. */
export interface RevokeResult {
  revoked: string[];
  running: string[];
}

/** A change of a request's state, for Airflow. Accepting a request is no event. `at` in milliseconds since the epoch. */
export interface TaskEvent {
  id: string;
  state: RequestState;
  info: string;
  mesos_task_id: string | null;
  agent: string | null;
  at: number;
}

export interface EventPage {
  /** `<epoch>:<seq>`: continues after the last event of this page. */
  cursor: string;
  /** Oldest first. */
  events: TaskEvent[];
}

export interface StatesResult {
  cursor: string;
  tasks: TaskEvent[];
  unknown: string[];
}

/** A request as people see it. Times in milliseconds since the epoch. Immutable. */
export interface TaskRecord {
  id: string;
  deployment: string;
  key: TaskKey;
  state: RequestState;
  /** `<id>.<attempt>`; null until the first launch. */
  mesos_task_id: string | null;
  /** Number of the current attempt; 0 until the first launch. */
  attempt: number;
  agent_id: string | null;
  agent: string | null;
  resources: Amounts;
  constraints: Record<string, string>;
  priority: number;
  queue: string | null;
  /** Where it waits: why, in a sentence. */
  waits: string | null;
  /** Mesos' reason and message, or ours. */
  info: string;
  queued: number;
  launched: number | null;
  /** When the current attempt was first seen running, or its ticket was redeemed. */
  started: number | null;
  ended: number | null;
}

/** One launch, and where its sandbox is. Immutable. */
export interface AttemptRecord {
  mesos_task_id: string;
  request_id: string;
  attempt: number;
  agent_id: string;
  /** Attribute `name` of the agent, else its hostname. */
  agent: string;
  /** `ip:port` of the agent as its offer told; null where the offer had none. */
  agent_address: string | null;
  framework_id: string;
  /** For a command task the Mesos task id. */
  executor_id: string;
  /** Known from the first update that carries it. */
  container_id: string | null;
  /** The last that Mesos said; TASK_STAGING until it said anything. */
  state: TaskState;
  /** Over for good, as far as this framework is concerned. */
  ended: number | null;
  reason: string | null;
  source: string | null;
  message: string | null;
  launched: number;
  /** When its ticket was redeemed: the proof that the task's process began. */
  redeemed: number | null;
}

export interface TaskFilter {
  /** Without it: all but debug copies. */
  deployment?: string | undefined;
  states?: readonly RequestState[] | undefined;
  dag_id?: string | undefined;
  run_id?: string | undefined;
  task_id?: string | undefined;
  map_index?: number | undefined;
  try_number?: number | undefined;
}

export interface OfferRecord {
  id: string;
  agent_id: string;
  agent: string;
  resources: Amounts;
  at: number;
  fate: 'outstanding' | 'accepted' | 'declined' | 'rescinded' | 'lost';
  /** Accepted: the Mesos task ids launched. */
  tasks: string[];
  /** Declined, rescinded, lost: why. */
  why: string;
}

/** The outstanding ones, then the last 200 with their fate, newest first. */
export interface OffersRecord {
  suppressed: boolean;
  offers: OfferRecord[];
}

/** Why a request waits: what each agent's last offer lacked. */
export interface Explanation {
  /** A sentence for a person. */
  summary: string;
  agents: {
    agent: string;
    offered: Amounts;
    lacks: { resource: keyof Amounts; needs: number; has: number }[];
    /** Attributes asked for that the agent has not, or has with another value (null: not at all). */
    mismatched: { attribute: string; needs: string; has: string | null }[];
  }[];
}

export interface FrameworkStatus {
  state: 'disconnected' | 'subscribing' | 'subscribed';
  framework_id: string | null;
  master: MasterInfo | null;
  suppressed: boolean;
  /** Attempts whose present state the master has not confirmed yet since the last subscription. */
  unconfirmed: number;
  /** Why there is no subscription, where the last or the last attempt at one failed. It may be tried again already. */
  disconnection: string | null;
  /** What does not go away by itself, in a sentence: the store cannot be written, the master refused us for good. */
  problem: string | null;
  /** Requests kept in the store, by state; without debug copies that are over. */
  counts: Record<RequestState, number>;
}

export interface Notice {
  level: 'info' | 'warning' | 'error' | 'security';
  message: string;
  mesos_task_id: string | null;
  at: number;
}

export interface FrameworkEvents {
  /** A request was added or changed, or the reason for which it waits did. */
  task: [TaskRecord];
  /** Offers came or went; at most one per matching round. */
  offers: [OffersRecord];
  status: [FrameworkStatus];
  notice: [Notice];
  /** Events for this deployment were committed: long polls wake on it. */
  event: [{ deployment: string }];
}

/** What a launch is made for. The ticket is secret: it may go into the task's environment, and nowhere else. */
export interface LaunchContext {
  request: TaskRecord;
  mesos_task_id: string;
  attempt: number;
  ticket: string;
  agent: { id: string; name: string; hostname: string; address: string | null; attributes: Attribute[] };
}

/** The parts of a TaskInfo that the caller decides. Ids, resources and the labels of the task's key are added. */
export interface LaunchParts {
  /** For people: `weather_report.summarise[2]`. */
  name: string;
  command: CommandInfo;
  container?: ContainerInfo;
  labels?: Label[];
  kill_policy?: KillPolicy;
}

/** Called in matching, synchronously. A throw fails that request with the message. */
export type Launcher = (context: LaunchContext) => LaunchParts;

/**
 * Who redeems the ticket of an attempt, by the address that the request came from. `expected`: nothing speaks against it.
 * `unexpected`: not its agent's address. `foreign`: certainly another agent's.
 */
export type JudgeCaller = (
  attempt: AttemptRecord,
  from: string,
) => Promise<'expected' | 'unexpected' | 'foreign'>;

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once, after that many milliseconds. */
  after(ms: number, call: () => void): Timer;
}

export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** All durations in milliseconds unless the name says otherwise. */
export interface FrameworkOptions {
  /** Default: 1 cpu, 512 MB of memory, 0 of disk, 0 gpus. */
  defaultResources?: Amounts;
  /** How often a request whose attempt never ran is launched again before it fails. Default 3. */
  relaunches?: number;
  /** Pause before the first relaunch, doubling up to 30 s. Default 1 000. */
  relaunchBackoffMs?: number;
  /** How long after its launch a ticket can be redeemed. Default 600 000. */
  ticketLifetimeMs?: number;
  /** How long after a change of master TASK_UNKNOWN proves nothing: agents register again meanwhile. Default 600 000, as Mesos' agent_reregister_timeout. */
  masterChangeGraceMs?: number;
  /** How long after an ACCEPT was answered TASK_UNKNOWN proves nothing. Default 5 000. */
  acceptGraceMs?: number;
  /** First pause before an unanswered reconciliation or KILL is repeated, doubling up to 60 s. Default 5 000. */
  retryMs?: number;
  /** Everything is reconciled this often in the long run. Default 900 000. */
  reconcileEveryMs?: number;
  /** Filter on offers declined while something waits. Default 2. */
  waitingRefuseSeconds?: number;
  /** Filter on offers declined while nothing waits; offers are suppressed too. Default 3 600. */
  idleRefuseSeconds?: number;
  /** Events kept for each deployment. Default 50 000. */
  keepEvents?: number;
  /** Finished requests kept. Default 100 000. */
  keepRequests?: number;
}
