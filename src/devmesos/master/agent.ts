import type { AgentInfo, Id, Resource } from '../../mesos/types.ts';
import type { Timer } from '../clock.ts';
import type { AgentChannel } from '../link/accept.ts';
import type { Registration, ToAgent } from '../link/messages.ts';
import { Resources } from '../resources.ts';
import type { Framework, OpenOffer } from './framework.ts';
import type { Executor } from './executor.ts';
import type { MasterTask } from './task.ts';

export type RegisteredAgentInfo = AgentInfo & { id: Id };

/** An agent as the master knows it. */
export class Agent {
  info: RegisteredAgentInfo;
  pid: string;
  version: string;
  /** Set while it is connected. */
  channel: AgentChannel | undefined;
  readonly registeredTime: number;
  reregisteredTime: number | undefined;
  total: Resources;
  /** Neither offered nor used by a task or an executor. */
  free: Resources;
  /** By framework and task. */
  readonly tasks = new Map<string, MasterTask>();
  /** By framework and executor. */
  readonly executors = new Map<string, Executor>();
  readonly offers = new Map<string, OpenOffer>();
  /** Pings sent and not answered. */
  missedPings = 0;
  pinging: Timer | undefined;
  /** Tasks to be killed when it is back. */
  readonly killsPending = new Map<string, ToAgent>();

  constructor(registration: Registration, id: Id, channel: AgentChannel, now: number) {
    this.info = { ...registration.info, id };
    this.pid = registration.pid;
    this.version = registration.version;
    this.channel = channel;
    this.registeredTime = now;
    this.total = Resources.of(registration.info.resources);
    this.free = this.total;
  }

  /** What it tells of itself when it is back. */
  update({ info, pid, version }: Registration, channel: AgentChannel): void {
    this.info = { ...info, id: this.info.id };
    this.pid = pid;
    this.version = version;
    this.channel = channel;
    this.missedPings = 0;
  }

  get id(): string {
    return this.info.id.value;
  }

  get isConnected(): boolean {
    return this.channel !== undefined;
  }

  send(message: ToAgent): void {
    this.channel?.send(message);
  }

  taskOf(framework: Framework, taskId: string): MasterTask | undefined {
    return this.tasks.get(taskKey(framework.id, taskId));
  }

  executorOf(frameworkId: string, executorId: string): Executor | undefined {
    return this.executors.get(taskKey(frameworkId, executorId));
  }

  /** What tasks and executors hold, allocated to their roles. */
  get used(): Resources {
    const tasks = [...this.tasks.values()].filter(({ released }) => !released).map(({ view }) => view);
    return sumOf([...tasks, ...[...this.executors.values()].map(({ info }) => info)]);
  }

  addTask(task: MasterTask): void {
    this.tasks.set(taskKey(task.frameworkId, task.id), task);
  }

  removeTask(task: MasterTask): void {
    const key = taskKey(task.frameworkId, task.id);
    // A finished task's id may be in use again.
    if (this.tasks.get(key) === task) this.tasks.delete(key);
  }
}

/** What tasks or executors hold together, allocated to their roles. */
export function sumOf(holders: readonly { readonly resources?: Resource[] }[]): Resources {
  return holders.reduce((sum, { resources }) => sum.plus(Resources.of(resources)), Resources.none);
}

export function taskKey(frameworkId: string, taskId: string): string {
  return `${frameworkId}/${taskId}`;
}
