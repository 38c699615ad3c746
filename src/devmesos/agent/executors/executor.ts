import type {
  ContainerStatus,
  ExecutorInfo,
  FrameworkInfo,
  Id,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../../mesos/types.ts';
import type { Timer } from '../../clock.ts';
import type { EventStream } from '../../http/eventStream.ts';
import { taskKey, type AgentTask, type TaskExecutor } from '../agentTask.ts';
import type { ExecutorProcess } from './executorProcess.ts';

/** As Mesos counts: registering until it subscribes, terminating once it was told to end, terminated when it has. */
export type ExecutorPhase = 'registering' | 'running' | 'terminating' | 'terminated';

/** Tasks that are handed over together: one, or those of a group. */
export interface QueuedLaunch {
  readonly tasks: readonly TaskInfo[];
  readonly isGroup: boolean;
}

/** What its tasks are told of its end, where that is not just that it ended. */
export interface Termination {
  readonly state: TaskState;
  readonly reason: string;
  readonly message: string;
}

/** A custom executor: a process of a framework's own, that runs tasks and speaks with the agent over HTTP. */
export class Executor implements TaskExecutor {
  framework: FrameworkInfo & { id: Id };
  readonly info: ExecutorInfo;
  readonly containerId: string;
  /** Empty until it is made. */
  sandbox = '';
  phase: ExecutorPhase = 'registering';
  /** Where it listens for events. */
  stream: EventStream | undefined;
  process: ExecutorProcess | undefined;
  /** By which its processes are known, where they need one (GroupMarks). */
  mark: number | undefined;
  /** Handed over when it subscribes. */
  queue: QueuedLaunch[] = [];
  /** By id: those that are not over for the scheduler. */
  readonly tasks = new Map<string, AgentTask>();
  /** Whether it was ever handed a task: one that wasn't, and has none to come, is told to end. */
  hadTask = false;
  /** Set when its grace is over, also where it hasn't been started yet. */
  mustEnd = false;
  /** Aborted then. */
  readonly starting = new AbortController();
  termination: Termination | undefined;
  /** Its registration's, then its end's deadline. */
  deadline: Timer | undefined;
  #isDone = false;
  readonly #onDone: (executor: Executor) => void;
  /** Uuids of the updates that came, by task. */
  readonly #seen = new Map<string, Set<string>>();

  /** `onDone` is called when it has ended and no task of it is left. */
  constructor(
    framework: FrameworkInfo & { id: Id },
    info: ExecutorInfo,
    containerId: string,
    onDone: (executor: Executor) => void,
  ) {
    this.framework = framework;
    this.info = info;
    this.containerId = containerId;
    this.#onDone = onDone;
  }

  get id(): Id {
    return this.info.executor_id;
  }

  get key(): string {
    return executorKey(this.framework.id, this.id);
  }

  /** Whether it isn't ending. */
  get isUp(): boolean {
    return this.phase === 'registering' || this.phase === 'running';
  }

  /** Sends an event, if it listens; else it is lost, as on Mesos. */
  send(event: object): void {
    this.stream?.send(event);
  }

  /** Whether an update came before; from now on it did. */
  hasSeen({ task_id, uuid = '' }: TaskStatus): boolean {
    const seen = this.#seen.get(task_id.value) ?? new Set();
    this.#seen.set(task_id.value, seen);
    if (seen.has(uuid)) return true;
    seen.add(uuid);
    return false;
  }

  /** What an executor told of its container, with what the agent knows; what is told of another container stays as it is. */
  containerStatus(told: ContainerStatus | undefined, ip: string): ContainerStatus {
    const networkInfos = (told?.network_infos ?? [{ ip_addresses: [{ ip_address: ip }] }]).map((network) => ({
      ...network,
      ip_addresses: (network.ip_addresses ?? []).map((address) => ({ protocol: 'IPv4', ...address })),
    }));
    const named = told?.container_id?.value;
    if (named !== undefined && named !== this.containerId) {
      return { ...told, ...(told?.network_infos ? { network_infos: networkInfos } : {}) };
    }
    const pid = this.process?.pid;
    return {
      ...told,
      container_id: { value: this.containerId },
      network_infos: networkInfos,
      ...(pid === undefined ? {} : { executor_pid: pid }),
    };
  }

  /** Ends it now. */
  destroy(): void {
    this.mustEnd = true;
    this.starting.abort();
    void this.process?.destroy();
  }

  /** A task is over for everyone. */
  done(task: AgentTask): void {
    this.tasks.delete(task.id.value);
    this.#seen.delete(task.id.value);
    this.settle();
  }

  /** Is done with itself, if it is. */
  settle(): void {
    if (this.#isDone || this.phase !== 'terminated' || this.tasks.size > 0) return;
    this.#isDone = true;
    this.#onDone(this);
  }
}

/** By framework and executor. */
export function executorKey(frameworkId: Id, executorId: Id): string {
  return taskKey(frameworkId, executorId);
}
