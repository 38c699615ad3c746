import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { SchedulerDriver, SchedulerDriverEvents } from '../../../src/mesos/driver.ts';
import { FrameworkRemovedError } from '../../../src/mesos/errors.ts';
import { addQuantities, quantitiesOf, subtractQuantities } from '../../../src/mesos/resources.ts';
import type { Quantities } from '../../../src/mesos/resources.ts';
import type {
  Attribute,
  Filters,
  Id,
  Offer,
  Operation,
  Resource,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../../src/mesos/types.ts';
import { terminalTaskStates } from '../../../src/mesos/types.ts';

export interface FakeAgent {
  id: string;
  hostname: string;
  total: Quantities;
  attributes: Attribute[];
  /** What it has besides plain resources; put into its offers as it is. */
  extra: Resource[];
  reachable: boolean;
}

export interface FakeTask {
  info: TaskInfo;
  agentId: string;
  frameworkId: string;
  state: TaskState;
  /** Not acknowledged yet, oldest first: the agent sends only the first. */
  updates: TaskStatus[];
}

/**
 * A master with agents that does at once, and in order, what Apache Mesos 1.11 does, and whose every fault a test can
 * call for. What a real one would merely answer with an error counts here as a violation.
 */
export class FakeMaster {
  readonly agents = new Map<string, FakeAgent>();
  readonly tasks = new Map<string, FakeTask>();
  readonly violations: string[] = [];
  /** Names of the calls, in order. */
  readonly calls: string[] = [];
  readonly acknowledged: TaskStatus[] = [];
  readonly declines: { offers: string[]; seconds: number | undefined }[] = [];
  readonly accepts: { offers: string[]; tasks: TaskInfo[]; seconds: number | undefined }[] = [];
  id = 'master-1';
  suppressed = false;
  /** Calls are not looked at until `release`; false: at once. */
  held = false;
  /** Names of calls that are answered with an error. */
  readonly refused = new Set<string>();
  /** Called for each launched task, before anything is done with it. */
  onLaunch: (task: TaskInfo) => void = () => undefined;
  onAcknowledge: (status: TaskStatus) => void = () => undefined;
  readonly #frameworks = new Map<string, boolean>();
  readonly #offers = new Map<string, Offer>();
  #driver: FakeDriver | null = null;
  #waiting: (() => void)[] = [];
  #offerNumber = 0;
  #frameworkNumber = 0;

  addAgent(name: string, total: Partial<Quantities>, attributes: Record<string, string> = {}): FakeAgent {
    const agent: FakeAgent = {
      id: `${name}-id`,
      hostname: `${name}.example`,
      total: { cpus: 0, mem: 0, disk: 0, gpus: 0, ...total },
      attributes: Object.entries({ name, ...attributes }).map(([key, value]) => ({
        name: key,
        type: 'TEXT',
        text: { value },
      })),
      extra: [],
      reachable: true,
    };
    this.agents.set(agent.id, agent);
    return agent;
  }

  /** For FrameworkParts.connect. */
  readonly connect = (frameworkId: string | null): FakeDriver => new FakeDriver(this, frameworkId);

  // What happens to the cluster

  /** Offers all that is free, a pool to an offer; `split`: each agent's in two. */
  offer(split = false): void {
    if (!this.#driver || this.suppressed) return;
    const offers: Offer[] = [];
    for (const agent of this.agents.values()) {
      if (!agent.reachable) continue;
      const free = this.#free(agent);
      if (free.cpus <= 0 && free.mem <= 0) continue;
      const half = { ...free, cpus: Math.floor(free.cpus * 500) / 1000, mem: Math.floor(free.mem / 2) };
      const parts = split ? [half, subtractQuantities(free, half)] : [free];
      for (const part of parts) offers.push(this.#makeOffer(agent, part));
    }
    if (offers.length > 0) this.#driver.emit('offers', offers);
  }

  rescind(): void {
    for (const id of [...this.#offers.keys()]) {
      this.#offers.delete(id);
      this.#driver?.emit('rescind', { value: id });
    }
  }

  /** The agent reports a state; it reaches the framework when the updates before it are acknowledged. */
  report(taskId: string, state: TaskState, more: Partial<TaskStatus> = {}): void {
    const task = this.tasks.get(taskId);
    if (!task || terminalTaskStates.has(task.state)) return;
    task.state = state;
    task.updates.push({
      task_id: { value: taskId },
      agent_id: { value: task.agentId },
      executor_id: { value: taskId },
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: randomUUID(),
      container_status: { container_id: { value: `container-of-${taskId}` } },
      ...more,
    });
    if (task.updates.length === 1) this.resend(taskId);
  }

  /** The agent sends its oldest unacknowledged update (again). */
  resend(taskId: string): void {
    const task = this.tasks.get(taskId);
    const update = task?.updates[0];
    if (!task || !update) return;
    if (this.agents.get(task.agentId)?.reachable) this.send(update);
  }

  send(status: TaskStatus): void {
    this.#driver?.emit('update', structuredClone(status));
  }

  loseAgent(agentId: string): void {
    const agent = this.agents.get(agentId);
    if (!agent?.reachable) return;
    agent.reachable = false;
    for (const task of this.tasks.values()) {
      if (task.agentId !== agentId || terminalTaskStates.has(task.state)) continue;
      this.send(statusOf(task, 'TASK_UNREACHABLE', 'REASON_AGENT_REMOVED', 'health check timed out'));
    }
    this.#driver?.emit('failure', { agentId: { value: agentId }, executorId: undefined, status: undefined });
  }

  recoverAgent(agentId: string): void {
    const agent = this.agents.get(agentId);
    if (!agent || agent.reachable) return;
    agent.reachable = true;
    for (const [id, task] of this.tasks) {
      if (task.agentId !== agentId) continue;
      if (!terminalTaskStates.has(task.state) && task.state !== 'TASK_STAGING') {
        this.send(
          statusOf(task, task.state, 'REASON_AGENT_REREGISTERED', 'Unreachable agent re-reregistered'),
        );
      }
      this.resend(id);
    }
  }

  /** The stream breaks; calls that were not looked at are lost. The driver does not come back by itself. */
  breakConnection(reason = 'the stream broke'): void {
    const driver = this.#driver;
    this.#driver = null;
    this.#waiting = [];
    this.#offers.clear();
    driver?.lose(reason);
  }

  /** A new leader, which knows frameworks and tasks only once they come to it. */
  failOver(): void {
    this.breakConnection('the master failed over');
    this.id = `master-${Number(this.id.split('-')[1]) + 1}`;
  }

  removeFramework(id: string): void {
    this.#frameworks.set(id, false);
    for (const [taskId, task] of this.tasks) if (task.frameworkId === id) this.tasks.delete(taskId);
    this.breakConnection('the framework was torn down');
  }

  get subscribed(): boolean {
    return this.#driver !== null;
  }

  release(): void {
    this.held = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call();
  }

  /** Ids of tasks that are not over. */
  living(): string[] {
    return [...this.tasks].flatMap(([id, { state }]) => (terminalTaskStates.has(state) ? [] : [id]));
  }

  // The driver's side

  subscribe(driver: FakeDriver): void {
    let id = driver.frameworkId;
    if (id !== null && this.#frameworks.get(id) === false) {
      driver.refuse(new FrameworkRemovedError('Framework has been removed'));
      return;
    }
    id ??= `framework-${(this.#frameworkNumber += 1)}`;
    this.#frameworks.set(id, true);
    driver.frameworkId = id;
    this.#driver = driver;
    this.suppressed = false;
    this.#offers.clear();
    driver.emit('subscribed', {
      frameworkId: { value: id },
      master: { id: this.id, port: 5050 },
      heartbeatSeconds: 15,
    });
    for (const taskId of this.tasks.keys()) this.resend(taskId);
  }

  leave(driver: FakeDriver): void {
    if (this.#driver === driver) {
      this.#driver = null;
      this.#offers.clear();
      this.#waiting = [];
    }
  }

  call(driver: FakeDriver, name: string, handle: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#driver !== driver) {
        reject(new Error(`${name}: not subscribed`));
        return;
      }
      if (this.refused.has(name)) {
        reject(new Error(`${name}: 400`));
        return;
      }
      const act = () => {
        this.calls.push(name);
        handle();
        resolve();
      };
      if (this.held) {
        this.#waiting.push(act);
        driver.pending.add(reject);
      } else act();
    });
  }

  accept(offerIds: readonly Id[], operations: readonly Operation[], filters: Filters | undefined): void {
    const tasks = operations.flatMap((operation) => operation.launch?.task_infos ?? []);
    const offers = offerIds.flatMap(({ value }) => this.#offers.get(value) ?? []);
    this.accepts.push({
      offers: offerIds.map(({ value }) => value),
      tasks,
      seconds: filters?.refuse_seconds,
    });
    for (const { value } of offerIds) this.#offers.delete(value);
    const frameworkId = this.#driver?.frameworkId ?? '';
    if (offers.length < offerIds.length) {
      for (const { task_id, agent_id } of tasks) {
        this.send({
          ...{
            task_id,
            agent_id,
            state: 'TASK_DROPPED',
            source: 'SOURCE_MASTER',
            reason: 'REASON_INVALID_OFFERS',
          },
          message: 'Task launched with invalid offers: Offer is no longer valid',
        });
      }
      return;
    }
    let free = offers.reduce(
      (sum, offer) => addQuantities(sum, quantitiesOf(offer.resources)),
      quantitiesOf(),
    );
    for (const info of tasks) {
      this.onLaunch(info);
      const id = info.task_id.value;
      if (this.tasks.has(id)) this.violations.push(`${id} was launched twice`);
      if (offers.some((offer) => offer.agent_id.value !== info.agent_id.value)) {
        this.violations.push(`${id} was launched with another agent's offers`);
      }
      free = subtractQuantities(free, quantitiesOf(info.resources));
      if (Object.values(free).some((left: number) => left < 0)) {
        this.violations.push(`${id} takes more than its offers hold`);
      }
      this.tasks.set(id, {
        info,
        agentId: info.agent_id.value,
        frameworkId,
        state: 'TASK_STAGING',
        updates: [],
      });
    }
  }

  decline(offerIds: readonly Id[], filters: Filters | undefined): void {
    this.declines.push({ offers: offerIds.map(({ value }) => value), seconds: filters?.refuse_seconds });
    for (const { value } of offerIds) this.#offers.delete(value);
  }

  kill(taskId: string): void {
    const task = this.tasks.get(taskId);
    if (!task) {
      this.#reconcileOne(taskId, undefined);
      return;
    }
    if (!this.agents.get(task.agentId)?.reachable) {
      this.send(
        statusOf(task, 'TASK_UNREACHABLE', 'REASON_RECONCILIATION', 'Reconciliation: Task is unreachable'),
      );
      return;
    }
    this.report(taskId, 'TASK_KILLED', { message: 'Command terminated with signal Terminated' });
  }

  acknowledge(status: TaskStatus): void {
    if (status.uuid === undefined) this.violations.push(`${status.task_id.value}: acknowledged without uuid`);
    this.onAcknowledge(status);
    this.acknowledged.push(status);
    const task = this.tasks.get(status.task_id.value);
    if (!task || task.updates[0]?.uuid !== status.uuid) return;
    task.updates.shift();
    if (task.updates.length > 0) this.resend(status.task_id.value);
    else if (terminalTaskStates.has(task.state)) this.tasks.delete(status.task_id.value);
  }

  reconcile(tasks: readonly { task_id: Id; agent_id?: Id }[]): void {
    const ids = tasks.length > 0 ? tasks.map(({ task_id }) => task_id.value) : [...this.tasks.keys()];
    const agents = new Map(tasks.map(({ task_id, agent_id }) => [task_id.value, agent_id?.value]));
    for (const id of ids) this.#reconcileOne(id, agents.get(id));
  }

  #reconcileOne(taskId: string, agentId: string | undefined): void {
    const task = this.tasks.get(taskId);
    const more = { reason: 'REASON_RECONCILIATION', source: 'SOURCE_MASTER' } as const;
    if (task) {
      const reachable = this.agents.get(task.agentId)?.reachable;
      const state = reachable ? task.state : 'TASK_UNREACHABLE';
      this.send(statusOf(task, state, more.reason, 'Reconciliation: Latest task state'));
      return;
    }
    const gone = agentId !== undefined && this.agents.get(agentId)?.reachable === true;
    this.send({
      task_id: { value: taskId },
      state: gone ? 'TASK_GONE' : 'TASK_UNKNOWN',
      message: `Reconciliation: Task is unknown${gone ? ' to the agent' : ''}`,
      ...more,
      ...(agentId !== undefined && { agent_id: { value: agentId } }),
    });
  }

  #free(agent: FakeAgent): Quantities {
    let free = agent.total;
    for (const task of this.tasks.values()) {
      if (task.agentId !== agent.id || terminalTaskStates.has(task.state)) continue;
      free = subtractQuantities(free, quantitiesOf(task.info.resources));
    }
    if (Object.values(free).some((left: number) => left < 0)) {
      this.violations.push(`${agent.id} is over-committed: ${JSON.stringify(free)}`);
    }
    for (const offer of this.#offers.values()) {
      if (offer.agent_id.value === agent.id) free = subtractQuantities(free, quantitiesOf(offer.resources));
    }
    return free;
  }

  #makeOffer(agent: FakeAgent, part: Quantities): Offer {
    const resources: Resource[] = Object.entries(part).flatMap(([name, value]: [string, number]) =>
      value > 0
        ? [{ name, type: 'SCALAR', scalar: { value }, role: '*', allocation_info: { role: '*' } }]
        : [],
    );
    const offer: Offer = {
      id: { value: `offer-${(this.#offerNumber += 1)}` },
      framework_id: { value: this.#driver?.frameworkId ?? '' },
      agent_id: { value: agent.id },
      hostname: agent.hostname,
      url: { scheme: 'http', address: { ip: '127.0.0.1', port: 5051 }, path: '/slave(1)' },
      resources: [...resources, ...agent.extra],
      attributes: agent.attributes,
      allocation_info: { role: '*' },
    };
    this.#offers.set(offer.id.value, offer);
    return offer;
  }
}

function statusOf(task: FakeTask, state: TaskState, reason: string, message: string): TaskStatus {
  const { task_id, agent_id } = task.info;
  return { task_id, agent_id, state, reason, message, source: 'SOURCE_MASTER' };
}

/** Subscribes in `start`, and again in `reconnect`. */
export class FakeDriver extends EventEmitter<SchedulerDriverEvents> implements SchedulerDriver {
  readonly #master: FakeMaster;
  readonly pending = new Set<(error: Error) => void>();
  frameworkId: string | null;
  #stopped = false;

  constructor(master: FakeMaster, frameworkId: string | null) {
    super();
    this.#master = master;
    this.frameworkId = frameworkId;
  }

  start(): void {
    queueMicrotask(() => this.reconnect());
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#master.leave(this);
    return Promise.resolve();
  }

  reconnect(): void {
    if (!this.#stopped) this.#master.subscribe(this);
  }

  /** The process died: nothing reaches it, nothing leaves it. */
  die(): void {
    this.#stopped = true;
    this.removeAllListeners();
    this.#master.leave(this);
  }

  lose(reason: string): void {
    for (const reject of this.pending) reject(new Error(reason));
    this.pending.clear();
    this.emit('disconnected', { reason, fatal: false });
  }

  refuse(cause: Error): void {
    this.#stopped = true;
    this.emit('disconnected', { reason: cause.message, fatal: true, cause });
  }

  accept(offerIds: readonly Id[], operations: readonly Operation[], filters?: Filters): Promise<void> {
    return this.#call('ACCEPT', () => this.#master.accept(offerIds, operations, filters));
  }

  decline(offerIds: readonly Id[], filters?: Filters): Promise<void> {
    return this.#call('DECLINE', () => this.#master.decline(offerIds, filters));
  }

  revive(): Promise<void> {
    return this.#call('REVIVE', () => (this.#master.suppressed = false));
  }

  suppress(): Promise<void> {
    return this.#call('SUPPRESS', () => (this.#master.suppressed = true));
  }

  kill(taskId: Id): Promise<void> {
    return this.#call('KILL', () => this.#master.kill(taskId.value));
  }

  shutdown(): Promise<void> {
    return this.#call('SHUTDOWN', () => undefined);
  }

  acknowledge(status: TaskStatus): Promise<void> {
    return this.#call('ACKNOWLEDGE', () => this.#master.acknowledge(status));
  }

  reconcile(tasks: readonly { task_id: Id; agent_id?: Id }[]): Promise<void> {
    return this.#call('RECONCILE', () => this.#master.reconcile(tasks));
  }

  message(): Promise<void> {
    return this.#call('MESSAGE', () => undefined);
  }

  teardown(): Promise<void> {
    return this.#call('TEARDOWN', () => undefined);
  }

  #call(name: string, handle: () => void): Promise<void> {
    return this.#master.call(this, name, handle);
  }
}
