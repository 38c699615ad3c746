import { EventEmitter } from 'node:events';
import type { Authorization } from './authorization.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { systemClock, type Clock } from './clock.ts';
import type { SchedulerDriver, SchedulerDriverEvents } from './driver.ts';
import { InvalidAddressError } from './errors.ts';
import { parseAddress } from './http.ts';
import { heartbeatSeconds, SchedulerConnection, type ConnectionState } from './schedulerConnection.ts';
import type { UnknownEvent } from './eventParsing.ts';
import type {
  Filters,
  FrameworkInfo,
  Id,
  KillPolicy,
  Operation,
  Resource,
  SchedulerEvent,
  TaskStatus,
} from './types.ts';

export interface SchedulerClientOptions {
  /** Addresses of masters (`http://host:port`), tried in turn; any of them leads to the leading one. At least one. */
  masters: readonly string[];
  /** With an id: subscribes as that framework again. Without: the master gives an id, which the client then keeps. */
  frameworkInfo: FrameworkInfo;
  authorization?: Authorization;
  /**
   * After so many heartbeats missed in a row the connection is held for dead; default 5, as Mesos's documentation
   * recommends (docs/scheduler-http-api.md): 75 s with the usual heartbeat.
   */
  missedHeartbeats?: number;
  /** Milliseconds to wait for the answer to a call, or for SUBSCRIBED; default 30,000. */
  answerMs?: number;
  /** Pauses between attempts to connect; default up to 0.5 s, doubling to 15 s. */
  backoff?: BackoffOptions;
  /** Bytes of one event at most; default 64 MiB. */
  maxRecordLength?: number;
  clock?: Clock;
}

export interface SchedulerClientEvents extends SchedulerDriverEvents {
  inverseOffers: [object[]];
  rescindInverseOffer: [Id];
  /** The status of an offer operation. */
  operationStatus: [object];
  /** An event of a type that this client doesn't know. Not an error: newer masters have some. */
  unknown: [UnknownEvent];
}

/**
 * A client of the v1 scheduler API (Apache Mesos 1.6 and later, JSON). Keeps one framework subscribed, from master
 * to master, and makes its calls in order over one connection. Its calls reject with NotSubscribedError while there is
 * no subscription, MesosHttpError where the master refuses, and CallLostError where the subscription ends first.
 */
export class SchedulerClient implements SchedulerDriver {
  readonly #emitter = new EventEmitter();
  readonly #connection: SchedulerConnection;

  /** @throws InvalidAddressError */
  constructor(options: SchedulerClientOptions) {
    const { masters, frameworkInfo, authorization, maxRecordLength } = options;
    if (masters.length === 0) throw new InvalidAddressError('no master is given');
    const endpoints = masters.map((master) => new URL('api/v1/scheduler', parseAddress(master)));
    this.#connection = new SchedulerConnection(
      frameworkInfo,
      {
        endpoints,
        authorization,
        clock: options.clock ?? systemClock,
        backoff: new Backoff(options.backoff),
        answerMs: options.answerMs ?? 30_000,
        missedHeartbeats: options.missedHeartbeats ?? 5,
        maxRecordLength,
      },
      {
        onEvent: (event) => this.#onEvent(event),
        onDisconnected: (cause, fatal) => this.#emit('disconnected', { reason: cause.message, fatal, cause }),
      },
    );
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Undefined until a master gave one, unless frameworkInfo had one. */
  get frameworkId(): Id | undefined {
    return this.#connection.frameworkInfo.id;
  }

  start(): void {
    this.#connection.start();
  }

  stop(): Promise<void> {
    return this.#connection.stop();
  }

  on<E extends keyof SchedulerClientEvents>(
    event: E,
    listener: (...args: SchedulerClientEvents[E]) => void,
  ): this {
    this.#emitter.on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  off<E extends keyof SchedulerClientEvents>(
    event: E,
    listener: (...args: SchedulerClientEvents[E]) => void,
  ): this {
    this.#emitter.off(event, listener as (...args: unknown[]) => void);
    return this;
  }

  accept(offerIds: readonly Id[], operations: readonly Operation[], filters?: Filters): Promise<void> {
    const accept = { offer_ids: [...offerIds], operations: [...operations], ...(filters && { filters }) };
    return this.#connection.send({ type: 'ACCEPT', accept });
  }

  decline(offerIds: readonly Id[], filters?: Filters): Promise<void> {
    const decline = { offer_ids: [...offerIds], ...(filters && { filters }) };
    return this.#connection.send({ type: 'DECLINE', decline });
  }

  /** No roles: all of the framework's. */
  revive(roles?: readonly string[]): Promise<void> {
    return this.#connection.send({ type: 'REVIVE', ...(roles && { revive: { roles: [...roles] } }) });
  }

  /** No roles: all of the framework's. */
  suppress(roles?: readonly string[]): Promise<void> {
    return this.#connection.send({ type: 'SUPPRESS', ...(roles && { suppress: { roles: [...roles] } }) });
  }

  kill(taskId: Id, agentId?: Id, killPolicy?: KillPolicy): Promise<void> {
    const kill = {
      task_id: taskId,
      ...(agentId && { agent_id: agentId }),
      ...(killPolicy && { kill_policy: killPolicy }),
    };
    return this.#connection.send({ type: 'KILL', kill });
  }

  shutdown(executorId: Id, agentId?: Id): Promise<void> {
    const shutdown = { executor_id: executorId, ...(agentId && { agent_id: agentId }) };
    return this.#connection.send({ type: 'SHUTDOWN', shutdown });
  }

  async acknowledge(status: TaskStatus): Promise<void> {
    const { uuid, agent_id, task_id } = status;
    if (!uuid || !agent_id) return;
    await this.#connection.send({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  reconcile(tasks: readonly { task_id: Id; agent_id?: Id }[]): Promise<void> {
    return this.#connection.send({ type: 'RECONCILE', reconcile: { tasks: [...tasks] } });
  }

  message(agentId: Id, executorId: Id, data: Uint8Array): Promise<void> {
    const message = {
      agent_id: agentId,
      executor_id: executorId,
      data: Buffer.from(data).toString('base64'),
    };
    return this.#connection.send({ type: 'MESSAGE', message });
  }

  /** Asks the allocator for resources; Mesos's own takes no notice. */
  request(requests: readonly { agent_id?: Id; resources?: Resource[] }[]): Promise<void> {
    return this.#connection.send({ type: 'REQUEST', request: { requests: [...requests] } });
  }

  acceptInverseOffers(inverseOfferIds: readonly Id[], filters?: Filters): Promise<void> {
    const accept_inverse_offers = { inverse_offer_ids: [...inverseOfferIds], ...(filters && { filters }) };
    return this.#connection.send({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers });
  }

  declineInverseOffers(inverseOfferIds: readonly Id[], filters?: Filters): Promise<void> {
    const decline_inverse_offers = { inverse_offer_ids: [...inverseOfferIds], ...(filters && { filters }) };
    return this.#connection.send({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers });
  }

  /** @param uuid of the status, base64. */
  acknowledgeOperationStatus(operationId: Id, uuid: string, agentId?: Id): Promise<void> {
    const acknowledge_operation_status = {
      operation_id: operationId,
      uuid,
      ...(agentId && { agent_id: agentId }),
    };
    return this.#connection.send({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status });
  }

  /** No operations: all that the master knows of this framework. */
  reconcileOperations(operations: readonly { operation_id: Id; agent_id?: Id }[]): Promise<void> {
    const reconcile_operations = { operations: [...operations] };
    return this.#connection.send({ type: 'RECONCILE_OPERATIONS', reconcile_operations });
  }

  /** Changes the framework's data, also for later subscriptions. Its id is added. @throws MesosHttpError if refused. */
  async updateFramework(info: FrameworkInfo, suppressedRoles?: readonly string[]): Promise<void> {
    const id = this.frameworkId;
    const framework_info = id ? { ...info, id } : info;
    const update_framework = {
      framework_info,
      ...(suppressedRoles && { suppressed_roles: [...suppressedRoles] }),
    };
    await this.#connection.send({ type: 'UPDATE_FRAMEWORK', update_framework });
    this.#connection.frameworkInfo = framework_info;
  }

  teardown(): Promise<void> {
    return this.#connection.teardown();
  }

  #emit<E extends keyof SchedulerClientEvents>(event: E, ...args: SchedulerClientEvents[E]): void {
    this.#emitter.emit(event, ...args);
  }

  #onEvent(event: SchedulerEvent | UnknownEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#emit('subscribed', {
          frameworkId: event.subscribed.framework_id,
          master: event.subscribed.master_info,
          heartbeatSeconds: heartbeatSeconds(event),
        });
        return;
      case 'OFFERS':
        this.#emit('offers', event.offers.offers ?? []);
        return;
      case 'RESCIND':
        this.#emit('rescind', event.rescind.offer_id);
        return;
      case 'UPDATE':
        this.#emit('update', event.update.status);
        return;
      case 'MESSAGE':
        this.#emit('message', {
          agentId: event.message.agent_id,
          executorId: event.message.executor_id,
          data: Buffer.from(event.message.data, 'base64'),
        });
        return;
      case 'FAILURE': {
        const { agent_id, executor_id, status } = event.failure;
        this.#emit('failure', { agentId: agent_id, executorId: executor_id, status });
        return;
      }
      case 'HEARTBEAT':
        this.#emit('heartbeat');
        return;
      case 'INVERSE_OFFERS':
        this.#emit('inverseOffers', event.inverse_offers.inverse_offers ?? []);
        return;
      case 'RESCIND_INVERSE_OFFER':
        this.#emit('rescindInverseOffer', event.rescind_inverse_offer.inverse_offer_id);
        return;
      case 'UPDATE_OPERATION_STATUS':
        this.#emit('operationStatus', event.update_operation_status.status);
        return;
      case 'unknown':
        this.#emit('unknown', event);
        return;
      case 'ERROR':
        // Ends the subscription; told by `disconnected`.
        return;
    }
  }
}
