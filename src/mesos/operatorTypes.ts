// What the master's operator API answers and streams, as far as this project reads it.
import type {
  AgentEntry,
  FrameworkEntry,
  FrameworkInfo,
  Id,
  MasterInfo,
  Task,
  TaskState,
  TaskStatus,
} from './types.ts';

/** Of GET_TASKS; lists are absent or empty where there is nothing. */
export interface MasterTasks {
  pending_tasks?: Task[];
  tasks?: Task[];
  unreachable_tasks?: Task[];
  completed_tasks?: Task[];
  orphan_tasks?: Task[];
}

/** Of GET_FRAMEWORKS. */
export interface MasterFrameworks {
  frameworks?: FrameworkEntry[];
  completed_frameworks?: FrameworkEntry[];
}

/** Of GET_AGENTS. */
export interface MasterAgents {
  agents?: AgentEntry[];
  /** Known from before a failover, and not back yet. */
  recovered_agents?: { id?: Id; hostname?: string }[];
}

/** Of GET_MASTER: the one that leads. */
export interface LeadingMaster {
  master_info?: MasterInfo;
  /** When its process started, and when it was elected. Seconds since the epoch. */
  start_time?: number;
  elected_time?: number;
}

/** Of GET_STATE. */
export interface MasterState {
  get_tasks?: MasterTasks;
  get_executors?: { executors?: object[] };
  get_frameworks?: MasterFrameworks;
  get_agents?: MasterAgents;
}

export interface VersionInfo {
  version: string;
  build_date?: string;
  git_sha?: string;
  git_tag?: string;
}

/** An event of the operator stream. */
export type OperatorEvent =
  | { type: 'SUBSCRIBED'; subscribed: { get_state?: MasterState; heartbeat_interval_seconds?: number } }
  | { type: 'HEARTBEAT' }
  | { type: 'TASK_ADDED'; task_added: { task: Task } }
  | { type: 'TASK_UPDATED'; task_updated: { framework_id: Id; status: TaskStatus; state: TaskState } }
  | { type: 'AGENT_ADDED'; agent_added: { agent: AgentEntry } }
  | { type: 'AGENT_REMOVED'; agent_removed: { agent_id: Id } }
  | { type: 'FRAMEWORK_ADDED'; framework_added: { framework: FrameworkEntry } }
  | { type: 'FRAMEWORK_UPDATED'; framework_updated: { framework: FrameworkEntry } }
  | { type: 'FRAMEWORK_REMOVED'; framework_removed: { framework_info: FrameworkInfo } };
