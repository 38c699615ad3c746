import type { CommandInfo } from '../../mesos/types.ts';
import type { SessionCommand, WindowSize } from './sessions/sessionCommand.ts';

/** How what ran in a container ended. */
export interface ContainerEnd {
  readonly succeeded: boolean;
  /** As the scheduler is told. */
  readonly message: string;
  /** `REASON_…` where not the task but the agent ended it. */
  readonly reason?: string;
  /** Where it was ended because it was not well. */
  readonly healthy?: false;
}

/** What a container uses and may use, as Mesos' ResourceStatistics has it. */
export interface ContainerUsage {
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly cpus_user_time_secs: number;
  readonly cpus_system_time_secs: number;
  readonly cpus_limit: number;
  readonly mem_limit_bytes: number;
  readonly mem_rss_bytes: number;
  readonly mem_total_bytes: number;
}

/** A command to run in a task's container beside its own. */
export interface SessionRequest {
  readonly command: CommandInfo;
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the container that are not for it: the task's own. */
  readonly hidden: readonly string[];
  /** Undefined: pipes. */
  readonly terminal: WindowSize | undefined;
}

/** A container does not run, or not any more. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** What runs of a task: processes of this machine, or a Docker container. */
export interface RunningContainer {
  /** Its first process, where that is one of this machine. */
  readonly pid: number | undefined;
  readonly isBeingKilled: boolean;
  /** Resolves when all has ended. */
  readonly ended: Promise<void>;
  /** Asks it to end, and ends it after the grace (milliseconds). A second kill can only shorten that. */
  kill(grace: number): void;
  /** Absent where it isn't measured. */
  usage?(): Promise<ContainerUsage>;
  /** Absent where a process of this machine, beside its own, will do. Rejects with NotRunningError. */
  openSession?(request: SessionRequest): Promise<SessionCommand>;
}
