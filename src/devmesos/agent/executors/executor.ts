import type {
  ContainerStatus,
  ExecutorInfo,
  FrameworkCapability,
  FrameworkInfo,
  Id,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../../mesos/types.ts';
import type { ProcessIdentity } from '../../../host/processes.ts';
import type { Timer } from '../../clock.ts';
import type { EventStream } from '../../http/eventStream.ts';
import { frameworkCan, taskKey, type AgentTask, type TaskExecutor } from '../agentTask.ts';
import type { RunningExecutor } from './executorProcess.ts';

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

export interface ExecutorHooks {
  /** It has ended, and no task of it is left. */
  readonly done: (executor: Executor) => void;
  /** What was told of a task of it was acknowledged. */
  readonly changed: (executor: Executor) => void;
}

/** A custom executor: a process of a framework's own, that runs tasks and speaks with the agent over HTTP. */
export class Executor implements TaskExecutor {
  framework: FrameworkInfo & { id: Id };
  readonly info: ExecutorInfo;
  readonly containerId: string;
  /** By which its calls are known, where the agent wants a login. */
  readonly token: string;
  /** Empty until it is made. */
  sandbox = '';
  phase: ExecutorPhase = 'registering';
  /** Where it listens for events. */
  stream: EventStream | undefined;
  process: RunningExecutor | undefined;
  /** Its first process, for the agent that comes after this one; undefined again when it has ended. */
  leader: ProcessIdentity | undefined;
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
  readonly #hooks: ExecutorHooks;
  /** Uuids of the updates that came, by task. */
  readonly #seen = new Map<string, Set<string>>();

  constructor(
    framework: FrameworkInfo & { id: Id },
    info: ExecutorInfo,
    containerId: string,
    token: string,
    hooks: ExecutorHooks,
  ) {
    this.framework = framework;
    this.info = info;
    this.containerId = containerId;
    this.token = token;
    this.#hooks = hooks;
  }

  get id(): Id {
    return this.info.executor_id;
  }

  get key(): string {
    return executorKey(this.framework.id, this.id);
  }

  can(capability: FrameworkCapability): boolean {
    return frameworkCan(this.framework, capability);
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

  acknowledged(): void {
    this.#hooks.changed(this);
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
    this.#hooks.done(this);
  }
}

/** By framework and executor. */
export function executorKey(frameworkId: Id, executorId: Id): string {
  return taskKey(frameworkId, executorId);
}
