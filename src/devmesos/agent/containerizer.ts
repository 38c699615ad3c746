import type { TaskInfo } from '../../mesos/types.ts';
import type { ProcessIdentity } from '../../host/processes.ts';
import type { AgentTask } from './agentTask.ts';
import type { ContainerEnd, RunningContainer } from './container.ts';
import type { StatusParts } from './reporter.ts';
import type { TaskUser } from './userSwitch.ts';

/** A task whose container is followed to its end. */
export interface Following {
  readonly task: AgentTask;
  /** Whom the sandbox belongs to; undefined: the agent's own user. */
  readonly user: TaskUser | undefined;
  /** From now on a kill goes to the container. */
  readonly started: (container: RunningContainer) => void;
  readonly report: (parts: StatusParts) => void;
  /** Kills it, as its scheduler would. */
  readonly kill: () => void;
  /** Called once, when all has ended. */
  readonly ended: (end: ContainerEnd) => void;
}

/** A task to be started. */
export interface Launch extends Following {
  readonly info: TaskInfo;
  /** Aborted when a kill comes before anything runs. */
  readonly signal: AbortSignal;
}

/** A task that an earlier agent process started. */
export interface Adoption extends Following {
  /** Its first process, which may have ended meanwhile. */
  readonly leader: ProcessIdentity;
  readonly isBeingKilled: boolean;
}

/** A way to run tasks. */
export interface Containerizer {
  /** As --containerizers calls it. */
  readonly name: string;
  /** Whether it is for such tasks. */
  takes(info: Pick<TaskInfo, 'container'>): boolean;
  /**
   * Starts a task and reports how it goes. Rejects where it can't be started; with NotAvailableError where it can't start
   * any; with whatever where `signal` was aborted.
   */
  launch(launch: Launch): Promise<void>;
  /** Goes on with a task. Absent: it can't, and what an earlier agent process started is ended. */
  adopt?(adoption: Adoption): Promise<void>;
  /** Ends what an earlier agent process of this identity left behind, but for what can be adopted. */
  recover(): Promise<void>;
}

/** A containerizer has nothing to run tasks with. */
export class NotAvailableError extends Error {
  override readonly name = 'NotAvailableError';
}
