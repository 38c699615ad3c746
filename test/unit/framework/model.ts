import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../../src/framework/errors.ts';
import { Store, prepare } from '../../../src/framework/store.ts';
import type { NewRequest, RequestState } from '../../../src/framework/types.ts';
import { terminalRequestStates } from '../../../src/framework/types.ts';
import type { TaskState, TaskStatus } from '../../../src/mesos/types.ts';
import { terminalTaskStates } from '../../../src/mesos/types.ts';
import { settle } from './fakeClock.ts';
import type { FakeTask } from './fakeMaster.ts';
import { World, deployment, newRequest } from './world.ts';

export type Fault = 'crash before commit' | 'crash after commit' | 'disk full';

/** Fails or ends its process at a chosen transaction. */
export class FaultyStore extends Store {
  /** Counts down at each transaction; the fault happens at 0. */
  countdown = Infinity;
  fault: Fault = 'disk full';
  /** Transactions so far. */
  count = 0;
  crashed: () => void = () => undefined;

  override transaction<T>(work: () => T): T {
    this.count += 1;
    this.countdown -= 1;
    const happens = this.countdown < 0;
    if (happens && this.fault !== 'disk full') this.countdown = Infinity;
    if (happens && this.fault === 'crash after commit') super.transaction(work);
    if (happens) {
      if (this.fault !== 'disk full') this.crashed();
      throw new StoreUnavailable('SQLITE_FULL', this.fault);
    }
    return super.transaction(work);
  }
}

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Known {
  request: NewRequest;
  /** Answered with "accepted". */
  accepted: boolean;
  refused: boolean;
  /** Answered with "revoked". */
  revoked: boolean;
  /** How often its workload was given out. */
  given: number;
}

const follow: Partial<Record<RequestState, readonly RequestState[]>> = {
  queued: ['launched', 'failed', 'killed', 'superseded'],
  launched: ['queued', 'starting', 'running', ...terminalRequestStates],
  starting: ['queued', 'running', ...terminalRequestStates],
  running: [...terminalRequestStates],
};

/**
 * Airflow, agents and misfortune around a framework, played by chance or by a script, and what must hold whatever
 * happens. Every operation may be called at any time.
 */
export class Model {
  readonly world: World;
  readonly random: () => number;
  readonly known = new Map<string, Known>();
  readonly wrong: string[] = [];
  store: FaultyStore;
  /** Mesos task ids whose process holds a workload. */
  readonly #holders = new Set<string>();
  readonly #tickets = new Map<string, string>();
  readonly #tried = new Set<string>();
  /** Tasks that a new master does not know, until their agent comes to it. */
  readonly #limbo = new Map<string, FakeTask>();
  readonly #wasInLimbo = new Set<string>();
  readonly #sent: TaskStatus[] = [];
  readonly #reader: DatabaseSync;
  #crashed = false;
  #names = 0;

  static async make(random: () => number): Promise<Model> {
    const stores: FaultyStore[] = [];
    const world = await World.make({
      options: { masterChangeGraceMs: 30_000, keepRequests: 100_000 },
      open: (file) => {
        const db = new DatabaseSync(file);
        const store = new FaultyStore(
          db,
          prepare(db, file, () => 'epoch'),
        );
        // Only the process dies here, never the machine.
        db.exec('PRAGMA synchronous = OFF');
        stores.push(store);
        return store;
      },
    });
    const model = new Model(world, random, () => stores.at(-1));
    world.master.addAgent('agent-1', { cpus: 4, mem: 2000 });
    world.master.addAgent('agent-2', { cpus: 3.3, mem: 2000 }, { zone: 'b' });
    world.master.addAgent('agent-3', { cpus: 0.3, mem: 3000 }, { zone: 'b' });
    await world.start();
    return model;
  }

  readonly #newest: () => FaultyStore | undefined;

  private constructor(world: World, random: () => number, newest: () => FaultyStore | undefined) {
    this.world = world;
    this.random = random;
    this.#newest = newest;
    this.store = this.#watch();
    this.#reader = new DatabaseSync(world.file, { readOnly: true });
    world.master.onLaunch = ({ task_id, command }) => {
      const row = this.#row(task_id.value);
      if (!row) this.wrong.push(`${task_id.value} was launched before it was stored`);
      const [ticket] = command?.environment?.variables ?? [];
      this.#tickets.set(task_id.value, ticket?.value ?? '');
    };
    world.master.onAcknowledge = (status) => this.#checkAcknowledged(status);
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.world.remove();
  }

  // Airflow

  async submit(count = 1, same = false): Promise<void> {
    const requests = Array.from({ length: count }, () => this.#makeRequest(same));
    for (const request of requests) {
      this.known.set(request.id, { request, accepted: false, refused: false, revoked: false, given: 0 });
    }
    await this.#send(requests);
  }

  /** As the executor does: what was not answered is sent again. */
  async resubmit(): Promise<void> {
    const open = [...this.known.values()].filter(({ accepted, refused }) => !accepted && !refused);
    const again = this.pick([...this.known.values()]);
    await this.#send([...open, ...(again ? [again] : [])].map(({ request }) => request));
  }

  async kill(): Promise<void> {
    const known = this.pick([...this.known.values()]);
    if (known) await this.#tolerant(this.world.framework.kill(deployment, [known.request.id], 'Killed.'));
  }

  async revoke(): Promise<void> {
    const known = this.pick([...this.known.values()]);
    if (!known) return;
    const answer = await this.#tolerant(
      this.world.framework.revoke(deployment, [known.request.id], 'Revoked.'),
    );
    if (answer?.revoked.includes(known.request.id)) known.revoked = true;
  }

  // Agents and tasks

  /** A task's process asks for its workload, once in its life. */
  async redeem(): Promise<void> {
    const id = this.pick(this.#processes().filter((process) => !this.#tried.has(process)));
    if (id === undefined) return;
    this.#tried.add(id);
    const receipt = await this.#redeem(id);
    if (receipt !== undefined && this.random() < 0.15) {
      await this.#tolerant(this.world.framework.outcome(receipt, 'superseded'));
    }
  }

  /** Somebody tries a ticket that was ever given out, whatever became of its attempt. */
  async misuse(): Promise<void> {
    const id = this.pick([...this.#tickets.keys()]);
    if (id !== undefined) await this.#redeem(id);
  }

  async #redeem(id: string): Promise<string | undefined> {
    const answer = await this.#tolerant(this.world.framework.redeem(this.#tickets.get(id) ?? '', null));
    if (!answer) return undefined;
    const known = this.known.get(id.split('.')[0] ?? '');
    assert.ok(known);
    known.given += 1;
    if (known.given > 1) this.wrong.push(`${known.request.id} was given out twice`);
    if (known.revoked) this.wrong.push(`${known.request.id} was given out after it was revoked`);
    const key = JSON.stringify(known.request.key);
    for (const other of this.#holders) {
      const request = this.known.get(other.split('.')[0] ?? '')?.request;
      const lives = this.#processes().includes(other) && !this.#wasInLimbo.has(other);
      if (request && JSON.stringify(request.key) === key && lives)
        this.wrong.push(`${other} and ${id} both run ${key}`);
    }
    this.#holders.add(id);
    return answer.receipt;
  }

  /** Some task goes one step further. */
  progress(only?: 'well'): void {
    const { master } = this.world;
    const id = this.pick(master.living().filter((task) => this.#reachable(task)));
    const task = id === undefined ? undefined : master.tasks.get(id);
    if (id === undefined || !task) return;
    const early: [TaskState, Partial<TaskStatus>][] = [
      ['TASK_STARTING', {}],
      ['TASK_RUNNING', {}],
      ['TASK_DROPPED', { source: 'SOURCE_AGENT', reason: 'REASON_AGENT_RESTARTED' }],
      ['TASK_FAILED', { source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LAUNCH_FAILED' }],
    ];
    const late: [TaskState, Partial<TaskStatus>][] = [
      ['TASK_FINISHED', {}],
      ['TASK_FAILED', { message: 'Command exited with status 1' }],
      ['TASK_FAILED', { source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' }],
      ['TASK_KILLED', { source: 'SOURCE_AGENT', reason: 'REASON_AGENT_DRAINING' }],
    ];
    const isRunning = task.state === 'TASK_RUNNING';
    const step = only ? (isRunning ? late[0] : early[1]) : this.pick(isRunning ? late : early);
    if (!step || (step[0] === 'TASK_STARTING' && task.state !== 'TASK_STAGING')) return;
    master.report(id, ...step);
    this.#sent.push(...task.updates);
  }

  /** An update that came before comes again. */
  repeat(): void {
    const status = this.pick(this.#sent);
    if (status && this.#reachable(status.task_id.value)) this.world.master.send(status);
    for (const id of this.world.master.tasks.keys()) if (this.random() < 0.3) this.world.master.resend(id);
  }

  loseAgent(): void {
    const agent = this.pick([...this.world.master.agents.keys()]);
    if (agent !== undefined) this.world.master.loseAgent(agent);
  }

  recoverAgents(): void {
    for (const [id, task] of this.#limbo) {
      this.world.master.tasks.set(id, task);
      this.#limbo.delete(id);
    }
    for (const id of this.world.master.agents.keys()) this.world.master.recoverAgent(id);
  }

  // The master and the connection

  /** A new master knows nothing of agents that have not come to it. */
  failOver(): void {
    const { master } = this.world;
    for (const [id, task] of master.tasks) {
      if (master.agents.get(task.agentId)?.reachable) continue;
      this.#limbo.set(id, task);
      this.#wasInLimbo.add(id);
      master.tasks.delete(id);
    }
    master.failOver();
  }

  reconnect(): void {
    if (!this.world.master.subscribed) this.world.driver.reconnect();
  }

  removeFramework(): void {
    const id = this.world.store.frameworkId;
    if (id === null) return;
    this.#limbo.clear();
    this.world.master.removeFramework(id);
  }

  // The process

  async restart(): Promise<void> {
    await this.world.restart();
    this.#crashed = false;
    this.store = this.#watch();
  }

  /** Where a fault ended the process, somebody starts it again. */
  async care(): Promise<void> {
    await settle();
    if (this.#crashed) await this.restart();
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  /** Good days from now on, until nothing is left to do; then all that must hold at the end. */
  async finish(): Promise<void> {
    this.store.countdown = Infinity;
    const { world } = this;
    world.master.release();
    for (let round = 0; round < 150; round += 1) {
      await this.care();
      this.reconnect();
      this.recoverAgents();
      await settle();
      await this.resubmit();
      await world.offer();
      for (let turn = 0; turn < 12; turn += 1) {
        this.progress('well');
        await settle();
        await this.redeem();
      }
      await world.clock.advance(10_000);
      const open = world.framework.tasks({ states: ['queued', 'launched', 'starting', 'running'] }, 1);
      if (open.length === 0 && world.master.tasks.size === 0) break;
    }
    this.#checkEnd();
  }

  check(): void {
    assert.deepEqual([...this.wrong, ...this.world.master.violations], []);
  }

  #checkEnd(): void {
    this.check();
    const { framework, master, store } = this.world;
    assert.deepEqual([...master.tasks.keys()], [], 'tasks left on the master');
    assert.deepEqual(store.attempts.living(), []);
    const events = this.world.events();
    const counts = new Map<RequestState, number>();
    for (const { request, accepted } of this.known.values()) {
      const task = framework.task(request.id)?.task;
      if (accepted) assert.ok(task, `${request.id} was lost`);
      if (!task) continue;
      assert.ok(terminalRequestStates.has(task.state), `${request.id} is still ${task.state}`);
      assert.equal(store.requests.workload(request.id), null, 'its workload is forgotten');
      let state: RequestState = 'queued';
      let mesosTaskId: string | null = null;
      for (const event of events.filter(({ id }) => id === request.id)) {
        assert.ok(
          follow[state]?.includes(event.state),
          `${request.id}: ${event.state} was told after ${state}`,
        );
        if (state !== 'queued') assert.equal(event.mesos_task_id, mesosTaskId, 'another attempt was told of');
        ({ state, mesos_task_id: mesosTaskId } = event);
      }
      assert.equal(state, task.state, 'the last event is not the state');
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    for (const [state, count] of Object.entries(framework.status().counts) as [RequestState, number][]) {
      assert.equal(count, counts.get(state) ?? 0, `count of ${state}`);
    }
  }

  #watch(): FaultyStore {
    const store = this.#newest();
    assert.ok(store);
    store.crashed = () => {
      this.#crashed = true;
      this.world.kill();
    };
    return store;
  }

  async #send(requests: readonly NewRequest[]): Promise<void> {
    const answer = await this.#tolerant(this.world.framework.submit(deployment, requests));
    for (const id of answer?.accepted ?? []) {
      const known = this.known.get(id);
      if (known) known.accepted = true;
    }
    for (const { id } of answer?.refused ?? []) {
      const known = this.known.get(id);
      if (known) known.refused = true;
    }
  }

  /** Undefined where there is no answer: the process died, the store was full, the ticket was refused. */
  async #tolerant<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      const answer = await call;
      return this.#crashed ? undefined : answer;
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      if (error instanceof Error && error.name === 'TicketRefused') return undefined;
      throw error;
    }
  }

  #makeRequest(same: boolean): NewRequest {
    const older = same ? this.pick([...this.known.values()]) : undefined;
    const hex = (length: number) =>
      Array.from({ length }, () => Math.floor(this.random() * 16).toString(16)).join('');
    const more: Partial<NewRequest> = {
      id: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
      priority: Math.floor(this.random() * 3),
      resources: { cpus: this.pick([0.1, 0.7, 1, 2]), mem: this.pick([32, 200.5, 700]) },
      ...(this.random() < 0.2 && { constraints: { zone: 'b' } }),
      ...(older && { key: older.request.key }),
    };
    return newRequest(`task-${(this.#names += 1)}`, more);
  }

  #reachable(taskId: string): boolean {
    const agent = this.world.master.tasks.get(taskId)?.agentId ?? '';
    return this.world.master.agents.get(agent)?.reachable ?? false;
  }

  /** Mesos task ids whose process lives. */
  #processes(): string[] {
    return [...this.world.master.tasks].flatMap(([id, { state }]) => (state === 'TASK_RUNNING' ? [id] : []));
  }

  #row(id: string): Record<string, unknown> | undefined {
    return this.#reader.prepare('SELECT running, ended FROM attempts WHERE mesos_task_id = ?').get(id);
  }

  /** Read through a connection of its own, which sees only what is committed. */
  #checkAcknowledged(status: TaskStatus): void {
    const row = this.#row(status.task_id.value);
    if (!row) return;
    if (terminalTaskStates.has(status.state) && row.ended === null) {
      this.wrong.push(`the end of ${status.task_id.value} was acknowledged before it was stored`);
    }
    if (status.state === 'TASK_RUNNING' && row.running === null && row.ended === null) {
      this.wrong.push(`the start of ${status.task_id.value} was acknowledged before it was stored`);
    }
  }
}
