import type {
  ContainerStatus,
  FrameworkCapability,
  FrameworkInfo,
  Id,
  Task,
  TaskInfo,
} from '../../mesos/types.ts';
import type { CommandProcess } from './commandProcess.ts';
import type { TaskRecord } from './ledger.ts';

/** A task as its agent knows it, until its end is acknowledged. */
export class AgentTask {
  framework: FrameworkInfo & { id: Id };
  /** Absent for what an earlier agent process started. */
  readonly info: TaskInfo | undefined;
  readonly containerId: string;
  /** Empty until it is made. */
  sandbox: string;
  /** As state endpoints show it; `state` is the newest, `status_update_state` what the scheduler was sent. */
  readonly view: Task;
  /** Set once the command was started. */
  process: CommandProcess | undefined;
  /** A kill came before that. */
  killedEarly = false;

  constructor(
    framework: FrameworkInfo & { id: Id },
    view: Task,
    containerId: string,
    sandbox: string,
    info?: TaskInfo,
  ) {
    this.framework = framework;
    this.view = view;
    this.containerId = containerId;
    this.sandbox = sandbox;
    this.info = info;
  }

  get id(): Id {
    return this.view.task_id;
  }

  get key(): string {
    return taskKey(this.framework.id, this.id);
  }

  can(capability: FrameworkCapability): boolean {
    return frameworkCan(this.framework, capability);
  }

  /** As updates carry it. */
  containerStatus(ip: string): ContainerStatus {
    const pid = this.process?.pid;
    return {
      container_id: { value: this.containerId },
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: ip }] }],
      ...(pid === undefined ? {} : { executor_pid: pid }),
    };
  }

  toRecord(): TaskRecord {
    const { framework, view: task, containerId, sandbox } = this;
    return { framework, task, containerId, sandbox };
  }
}

/** By framework and task. */
export function taskKey(frameworkId: Id, taskId: Id): string {
  return `${frameworkId.value}/${taskId.value}`;
}

export function frameworkCan(framework: FrameworkInfo, capability: FrameworkCapability): boolean {
  return framework.capabilities?.some(({ type }) => type === capability) ?? false;
}
