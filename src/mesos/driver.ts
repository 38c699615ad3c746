import type { Filters, Id, KillPolicy, MasterInfo, Offer, Operation, TaskStatus } from './types.ts';

/**
 * The scheduler's view of a master: what a framework needs of it and no more, so that a framework can be tested
 * without one. `SchedulerClient` (scheduler.ts) is the real one.
 */
export interface SchedulerDriver {
  /** Connects and keeps connected, with backoff, until `stop`. */
  start(): void;
  /** Closes the stream and drops calls not yet sent. The framework stays registered for its failover timeout. */
  stop(): Promise<void>;

  on<E extends keyof SchedulerDriverEvents>(
    event: E,
    listener: (...args: SchedulerDriverEvents[E]) => void,
  ): this;
  off<E extends keyof SchedulerDriverEvents>(
    event: E,
    listener: (...args: SchedulerDriverEvents[E]) => void,
  ): this;

  // Each call resolves when the master answered 202, in the order in which they were made, over one connection; it
  // rejects where the master refused it or the stream was lost first. 202 says nothing of success: events do.
  accept(offerIds: readonly Id[], operations: readonly Operation[], filters?: Filters): Promise<void>;
  decline(offerIds: readonly Id[], filters?: Filters): Promise<void>;
  revive(roles?: readonly string[]): Promise<void>;
  suppress(roles?: readonly string[]): Promise<void>;
  kill(taskId: Id, agentId?: Id, killPolicy?: KillPolicy): Promise<void>;
  shutdown(executorId: Id, agentId?: Id): Promise<void>;
  /** Acknowledges an update that carries a uuid; does nothing for one that carries none (it must not be acknowledged). */
  acknowledge(status: TaskStatus): Promise<void>;
  /** No tasks: implicit, all that the master knows of this framework. */
  reconcile(tasks: readonly { task_id: Id; agent_id?: Id }[]): Promise<void>;
  message(agentId: Id, executorId: Id, data: Uint8Array): Promise<void>;
  teardown(): Promise<void>;
}

/** Event names are those of the npm package mesos-framework, so that its users move over. */
export interface SchedulerDriverEvents {
  subscribed: [{ frameworkId: Id; master: MasterInfo | undefined; heartbeatSeconds: number }];
  offers: [Offer[]];
  rescind: [Id];
  update: [TaskStatus];
  message: [{ agentId: Id; executorId: Id; data: Uint8Array }];
  failure: [{ agentId: Id | undefined; executorId: Id | undefined; status: number | undefined }];
  heartbeat: [];
  /**
   * The stream is gone, or an attempt to make one failed, with the reason; it is being tried again unless `fatal` (the
   * master refused us for good, or the framework is no more). `cause`: the error behind it, to tell apart by its class
   * (errors.ts: FrameworkRemovedError, FrameworkFailedOverError, SubscriptionRefusedError, MesosHttpError, …).
   */
  disconnected: [{ reason: string; fatal: boolean; cause?: Error }];
}
