import type { FrameworkCapability, FrameworkInfo, Id, Offer, SchedulerEvent } from '../../mesos/types.ts';
import type { EventStream } from '../http/eventStream.ts';
import type { Resources } from '../resources.ts';
import type { Executor } from './executor.ts';
import type { MasterTask } from './task.ts';
import type { Timer } from '../clock.ts';

/** FrameworkInfo with the id that the master gave it. */
export type RegisteredInfo = FrameworkInfo & { id: Id };

/** An offer, with its resources as the allocator counts them (not allocated to a role). */
export interface OpenOffer {
  readonly offer: Offer;
  readonly role: string;
  readonly resources: Resources;
}

/** A scheduler's connection. */
export interface Subscription {
  readonly streamId: string;
  readonly stream: EventStream;
}

/** Tasks that a framework's history keeps. */
const mostCompletedTasks = 1000;

/** A framework as the master knows it. */
export class Framework {
  info: RegisteredInfo;
  /** Set while its scheduler is connected. */
  subscription: Subscription | undefined;
  /** Known from agents' reports after the master's restart, and not back yet. */
  recovered = false;
  readonly registeredTime: number;
  reregisteredTime: number;
  unregisteredTime = 0;
  readonly tasks = new Map<string, MasterTask>();
  readonly unreachableTasks = new Map<string, MasterTask>();
  readonly completedTasks: MasterTask[] = [];
  /** Those that live, on all agents. */
  readonly executors = new Set<Executor>();
  readonly offers = new Map<string, OpenOffer>();
  /** Roles for which it wants no offers. */
  suppressed = new Set<string>();
  /** Runs while it is disconnected: its end removes it. */
  failover: Timer | undefined;

  constructor(info: RegisteredInfo, now: number) {
    this.info = info;
    this.registeredTime = now;
    this.reregisteredTime = now;
  }

  get id(): string {
    return this.info.id.value;
  }

  get isConnected(): boolean {
    return this.subscription !== undefined;
  }

  /** The roles that it is offered resources for. */
  get roles(): readonly string[] {
    return this.can('MULTI_ROLE') ? (this.info.roles ?? []) : [this.info.role ?? '*'];
  }

  can(capability: FrameworkCapability): boolean {
    return this.info.capabilities?.some(({ type }) => type === capability) ?? false;
  }

  send(event: SchedulerEvent): void {
    this.subscription?.stream.send(event);
  }

  complete(task: MasterTask): void {
    this.tasks.delete(task.id);
    this.completedTasks.push(task);
    if (this.completedTasks.length > mostCompletedTasks) this.completedTasks.shift();
  }
}
