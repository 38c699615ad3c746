import type { ContainerStatus, FrameworkInfo, Id, Task, TaskInfo, TaskState } from '../../mesos/types.ts';
import type { CommandProcess } from './command-process.ts';

/** A task as its agent knows it, until its end is acknowledged. */
export interface AgentTask {
  framework: FrameworkInfo & { id: Id };
  /** Absent for what an earlier agent process started. */
  readonly info?: TaskInfo;
  readonly containerId: string;
  readonly sandbox: string;
  /** As state endpoints show it; `state` is the newest. */
  readonly view: Task;
  process: CommandProcess | undefined;
  /** A kill came before the process was there. */
  killedEarly: boolean;
}

export function latestState(task: AgentTask): TaskState {
  return task.view.state;
}

export function containerStatus(task: AgentTask, ip: string): ContainerStatus {
  const pid = task.process?.pid;
  return {
    container_id: { value: task.containerId },
    network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: ip }] }],
    ...(pid === undefined ? {} : { executor_pid: pid }),
  };
}
