import type { SchedulerDriver, SchedulerDriverEvents } from '../mesos/driver.ts';
import type { Filters, Id, MasterInfo, Offer, Operation, TaskStatus } from '../mesos/types.ts';
import type { Log } from './types.ts';

type Subscription = SchedulerDriverEvents['subscribed'][0];
type Disconnection = SchedulerDriverEvents['disconnected'][0];

export interface MasterHandlers {
  subscribed(subscription: Subscription): void;
  disconnected(disconnection: Disconnection): void;
  offers(offers: Offer[]): void;
  rescinded(offerId: string): void;
  update(status: TaskStatus): void;
  agentFailed(agentId: string): void;
}

/**
 * The connection to the master: one driver at a time, whose events come only while it is the one. Its calls never
 * throw: what is lost with a connection is made good by what follows the next subscription.
 */
export class Master {
  readonly #connect: (frameworkId: string | null) => SchedulerDriver;
  readonly #handlers: MasterHandlers;
  readonly #log: Log;
  #driver: SchedulerDriver | null = null;
  #state: 'disconnected' | 'subscribing' | 'subscribed' = 'disconnected';
  #info: MasterInfo | null = null;

  constructor(connect: (frameworkId: string | null) => SchedulerDriver, handlers: MasterHandlers, log: Log) {
    this.#connect = connect;
    this.#handlers = handlers;
    this.#log = log;
  }

  get state(): 'disconnected' | 'subscribing' | 'subscribed' {
    return this.#state;
  }

  /** The master subscribed to, or last subscribed to. */
  get info(): MasterInfo | null {
    return this.#info;
  }

  /** Makes a driver for this framework id and starts it. */
  start(frameworkId: string | null): void {
    const driver = this.#connect(frameworkId);
    this.#driver = driver;
    this.#state = 'subscribing';
    const ours = () => this.#driver === driver;
    driver
      .on('subscribed', (subscription) => {
        if (!ours()) return;
        this.#state = 'subscribed';
        this.#info = subscription.master ?? null;
        this.#handlers.subscribed(subscription);
      })
      .on('disconnected', (disconnection) => {
        if (!ours()) return;
        this.#state = disconnection.fatal ? 'disconnected' : 'subscribing';
        this.#handlers.disconnected(disconnection);
      })
      .on('offers', (offers) => {
        if (ours()) this.#handlers.offers(offers);
      })
      .on('rescind', (id) => {
        if (ours()) this.#handlers.rescinded(id.value);
      })
      .on('update', (status) => {
        if (ours()) this.#handlers.update(status);
      })
      .on('failure', ({ agentId, executorId }) => {
        if (ours() && agentId && !executorId) this.#handlers.agentFailed(agentId.value);
      });
    driver.start();
  }

  /** Leaves the present driver, which is of no use any more, for a new one. */
  restart(frameworkId: string | null): void {
    this.stop().catch((error: unknown) => {
      this.#log('warn', `The old connection could not be closed: ${String(error)}`);
    });
    this.start(frameworkId);
  }

  async stop(): Promise<void> {
    const driver = this.#driver;
    this.#driver = null;
    this.#state = 'disconnected';
    await driver?.stop();
  }

  /** Resolves to whether the master took the call; it may have without our knowing. */
  accept(offers: readonly Offer[], operations: readonly Operation[], filters: Filters): Promise<boolean> {
    return this.#call('ACCEPT', (driver) => driver.accept(ids(offers), operations, filters));
  }

  decline(offers: readonly Offer[], filters: Filters): void {
    void this.#call('DECLINE', (driver) => driver.decline(ids(offers), filters));
  }

  revive(): Promise<boolean> {
    return this.#call('REVIVE', (driver) => driver.revive());
  }

  suppress(): Promise<boolean> {
    return this.#call('SUPPRESS', (driver) => driver.suppress());
  }

  kill(taskId: string, agentId: string | undefined): void {
    const agent = agentId === undefined ? undefined : { value: agentId };
    void this.#call('KILL', (driver) => driver.kill({ value: taskId }, agent));
  }

  acknowledge(status: TaskStatus): void {
    void this.#call('ACKNOWLEDGE', (driver) => driver.acknowledge(status));
  }

  reconcile(tasks: readonly { task_id: Id; agent_id?: Id }[]): void {
    void this.#call('RECONCILE', (driver) => driver.reconcile(tasks));
  }

  async #call(name: string, make: (driver: SchedulerDriver) => Promise<void>): Promise<boolean> {
    if (!this.#driver || this.#state !== 'subscribed') return false;
    try {
      await make(this.#driver);
      return true;
    } catch (error) {
      this.#log('warn', `${name} was not taken: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}

function ids(offers: readonly Offer[]): Id[] {
  return offers.map(({ id }) => id);
}
