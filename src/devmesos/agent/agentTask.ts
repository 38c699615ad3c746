import type {
  ContainerStatus,
  FrameworkCapability,
  FrameworkInfo,
  Id,
  Task,
  TaskInfo,
  TaskStatus,
} from '../../mesos/types.ts';
import type { ProcessIdentity } from '../../host/processes.ts';
import type { RunningContainer } from './container.ts';
import type { TaskRecord } from './ledger.ts';

/** What runs a task that has no command of its own. */
export interface TaskExecutor {
  readonly id: Id;
  /** Called when an update of a task was acknowledged. */
  acknowledged(task: AgentTask): void;
  /** Called when a task is over for everyone. */
  done(task: AgentTask): void;
}

/** A task as its agent knows it, until its end is acknowledged. */
export class AgentTask {
  framework: FrameworkInfo & { id: Id };
  /** Absent for what an earlier agent process started. */
  readonly info: TaskInfo | undefined;
  /** Undefined: its own command. */
  readonly executor: TaskExecutor | undefined;
  readonly containerId: string;
  /** Empty until it is made. */
  sandbox: string;
  /** As state endpoints show it; `state` is the newest, `status_update_state` what the scheduler was sent. */
  readonly view: Task;
  /** Set once something runs. */
  container: RunningContainer | undefined;
  /** Aborted where a kill comes before that. */
  readonly launching = new AbortController();
  /** Aborted when its first process has ended: sessions in its sandbox end then, not with what it leaves behind. */
  readonly ending = new AbortController();
  /** By which its processes are known, where they need one (GroupMarks). */
  mark: number | undefined;
  /** Its first process, once that is known: by it another agent process finds it. */
  leader: ProcessIdentity | undefined;
  /** When it is to be over at the latest, milliseconds since the epoch. */
  endBy: number | undefined;
  /** Where it has a network of its own. */
  networkInfos: ContainerStatus['network_infos'];

  constructor(
    framework: FrameworkInfo & { id: Id },
    view: Task,
    containerId: string,
    sandbox: string,
    info?: TaskInfo,
    executor?: TaskExecutor,
  ) {
    this.framework = framework;
    this.view = view;
    this.containerId = containerId;
    this.sandbox = sandbox;
    this.info = info;
    this.executor = executor;
  }

  get id(): Id {
    return this.view.task_id;
  }

  /** A command task's executor, which lives in the agent, has the task's id. */
  get executorId(): Id {
    return this.executor?.id ?? this.id;
  }

  get key(): string {
    return taskKey(this.framework.id, this.id);
  }

  can(capability: FrameworkCapability): boolean {
    return frameworkCan(this.framework, capability);
  }

  /** As updates carry it. */
  containerStatus(ip: string): ContainerStatus {
    const pid = this.container?.pid;
    return {
      container_id: { value: this.containerId },
      network_infos: this.networkInfos ?? [{ ip_addresses: [{ protocol: 'IPv4', ip_address: ip }] }],
      ...(pid === undefined ? {} : { executor_pid: pid }),
    };
  }

  /** `updates`: what its scheduler has not acknowledged. */
  toRecord(updates: readonly TaskStatus[] = []): TaskRecord {
    const { framework, view: task, containerId, sandbox, mark, leader, endBy, container } = this;
    return {
      framework,
      task,
      containerId,
      sandbox,
      ...(leader ? { leader } : {}),
      ...(mark === undefined ? {} : { mark }),
      ...(container?.isBeingKilled ? { isBeingKilled: true } : {}),
      ...(endBy === undefined ? {} : { endBy }),
      ...(updates.length > 0 ? { updates } : {}),
    };
  }
}

/** By framework and task. */
export function taskKey(frameworkId: Id, taskId: Id): string {
  return `${frameworkId.value}/${taskId.value}`;
}

export function frameworkCan(framework: FrameworkInfo, capability: FrameworkCapability): boolean {
  return framework.capabilities?.some(({ type }) => type === capability) ?? false;
}
