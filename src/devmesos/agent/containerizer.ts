import type { TaskInfo } from '../../mesos/types.ts';
import type { AgentTask } from './agentTask.ts';
import type { ContainerEnd, RunningContainer } from './container.ts';
import type { StatusParts } from './reporter.ts';
import type { TaskUser } from './userSwitch.ts';

/** A task to be started. */
export interface Launch {
  readonly task: AgentTask;
  readonly info: TaskInfo;
  /** Whom the sandbox belongs to; undefined: the agent's own user. */
  readonly user: TaskUser | undefined;
  /** Aborted when a kill comes before anything runs. */
  readonly signal: AbortSignal;
  /** From now on a kill goes to the container. */
  readonly started: (container: RunningContainer) => void;
  readonly report: (parts: StatusParts) => void;
  /** Kills it, as its scheduler would. */
  readonly kill: () => void;
  /** Called once, when all has ended. */
  readonly ended: (end: ContainerEnd) => void;
}

/** A way to run tasks. */
export interface Containerizer {
  /** As --containerizers calls it. */
  readonly name: string;
  /** Whether it is for such tasks. */
  takes(info: TaskInfo): boolean;
  /**
   * Starts a task and reports how it goes. Rejects where it can't be started; with NotAvailableError where it can't start
   * any; with whatever where `signal` was aborted.
   */
  launch(launch: Launch): Promise<void>;
  /** Ends what an earlier agent process of this identity left behind. */
  recover(): Promise<void>;
}

/** A containerizer has nothing to run tasks with. */
export class NotAvailableError extends Error {
  override readonly name = 'NotAvailableError';
}
