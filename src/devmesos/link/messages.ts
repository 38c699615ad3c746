import type {
  AgentInfo,
  ExecutorInfo,
  FrameworkInfo,
  Id,
  KillPolicy,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../mesos/types.ts';

// The link between master and agents is our own (the real one is libprocess's): one connection made by the agent, a JSON
// message a line in both directions, in order.

/** What an agent tells of itself when it comes. */
export interface Registration {
  readonly info: AgentInfo;
  readonly pid: string;
  readonly version: string;
}

/** A task that an agent has, told when it comes back. */
export interface RunningTask {
  readonly task: Task;
  /** The newest state, maybe newer than what the scheduler was told (`task.state`). */
  readonly latestState: TaskState;
}

export type ToMaster =
  | { readonly type: 'register'; readonly registration: Registration }
  | {
      readonly type: 'reregister';
      readonly agentId: Id;
      readonly registration: Registration;
      readonly tasks: readonly RunningTask[];
      /** Those that live, command tasks' apart: those are the agent's own affair. */
      readonly executors?: readonly ExecutorInfo[];
      readonly frameworks: readonly FrameworkInfo[];
    }
  | {
      readonly type: 'update';
      readonly frameworkId: Id;
      readonly status: TaskStatus;
      readonly latestState: TaskState;
    }
  /** The task's state changed while an older update is not acknowledged: so that the master frees what it used. */
  | { readonly type: 'state'; readonly frameworkId: Id; readonly taskId: Id; readonly latestState: TaskState }
  /** What an executor has to say to its scheduler: base64. */
  | { readonly type: 'message'; readonly frameworkId: Id; readonly executorId: Id; readonly data: string }
  /** An executor ended, or was not started though it should be; `status` as wait(2) gives it, -1 where there is none. */
  | {
      readonly type: 'executor-ended';
      readonly frameworkId: Id;
      readonly executorId: Id;
      readonly status: number;
    }
  /** The agent ends for good. */
  | { readonly type: 'unregister' }
  | { readonly type: 'pong' };

export type ToAgent =
  | {
      readonly type: 'registered';
      readonly agentId: Id;
      readonly masterId: string;
      /** Milliseconds without a ping after which the agent should take this connection for dead. */
      readonly pingTimeout: number;
    }
  | {
      readonly type: 'run';
      readonly framework: FrameworkInfo;
      readonly task: TaskInfo;
      /** Whether the task's executor is to be started for it; absent with a command task. */
      readonly startsExecutor?: boolean;
    }
  | {
      readonly type: 'run-group';
      readonly framework: FrameworkInfo;
      readonly executor: ExecutorInfo;
      readonly tasks: readonly TaskInfo[];
      readonly startsExecutor: boolean;
    }
  | { readonly type: 'kill'; readonly frameworkId: Id; readonly taskId: Id; readonly killPolicy?: KillPolicy }
  /** For an executor from its scheduler: base64. */
  | { readonly type: 'message'; readonly frameworkId: Id; readonly executorId: Id; readonly data: string }
  | { readonly type: 'shutdown-executor'; readonly frameworkId: Id; readonly executorId: Id }
  | { readonly type: 'shutdown-framework'; readonly frameworkId: Id }
  | { readonly type: 'acknowledge'; readonly frameworkId: Id; readonly taskId: Id; readonly uuid: string }
  /** The framework subscribed (again): updates that wait for its acknowledgement are sent again at once. */
  | { readonly type: 'framework'; readonly framework: FrameworkInfo }
  /** Tasks that the master has and the agent did not tell: to be reported as gone. */
  | {
      readonly type: 'reconcile';
      readonly tasks: readonly { readonly framework: FrameworkInfo; readonly taskId: Id }[];
    }
  /** The agent was given up, or may not be one: it ends its tasks and itself. */
  | { readonly type: 'shutdown'; readonly reason: string }
  | { readonly type: 'ping' };
