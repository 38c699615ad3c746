import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeRecord } from '../../../src/mesos/recordio.ts';
import type {
  AgentEntry,
  FrameworkEntry,
  Id,
  Offer,
  Resource,
  SchedulerCall,
  Task,
  TaskState,
} from '../../../src/mesos/types.ts';
import { recordedSubscribed } from '../recordedMesos.ts';

interface Running {
  readonly id: string;
  readonly agent: Id;
  state: TaskState;
}

export interface Sent {
  readonly taskId: string;
  readonly state: TaskState;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How long a task runs (milliseconds). */
const runsMs = 400;
/** Between two updates of a task that begins (milliseconds). */
const beginsMs = 50;
/** So many offers are out at most, each of one agent. */
const mostOffers = 20;
const offerEveryMs = 50;

/**
 * A master with very many agents, as far as a framework and the service see one: it offers, takes launches, and tells of
 * tasks that start, run and finish. Its updates need no acknowledgement: a framework makes one call after another, and on a
 * busy machine those would set the pace of all.
 */
export class SimulatedMaster {
  readonly sent: Sent[] = [];
  /** Told of each update before it is sent. */
  onUpdate: (taskId: string, state: TaskState) => void = () => undefined;
  readonly #agents: readonly AgentEntry[];
  readonly #server: http.Server;
  readonly #running = new Map<string, Running>();
  readonly #offers = new Map<string, Offer>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stream: ServerResponse | undefined;
  #frameworkId: Id = { value: '' };
  #suppressed = true;
  #nextAgent = 0;

  constructor(agents: number) {
    this.#agents = Array.from({ length: agents }, (_, index) => agentEntry(index));
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#timers.add(setInterval(() => this.#offer(), offerEveryMs));
    this.#timers.add(setInterval(() => this.#send({ type: 'HEARTBEAT' }), 15_000));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') {
      response.end();
      return;
    }
    const call = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SchedulerCall & { type: string };
    if (request.url === '/api/v1/scheduler') this.#scheduler(call, response);
    else this.#operator(call.type, response);
  }

  #operator(type: string, response: ServerResponse): void {
    const [address, port] = ['127.0.0.1', (this.#server.address() as AddressInfo).port];
    const answers: Record<string, () => object> = {
      GET_AGENTS: () => ({ get_agents: { agents: this.#listed() } }),
      GET_FRAMEWORKS: () => ({ get_frameworks: { frameworks: [this.#framework()] } }),
      GET_TASKS: () => ({
        get_tasks: { tasks: [...this.#running.values()].map((task) => this.#task(task)) },
      }),
      GET_MASTER: () => ({
        get_master: {
          master_info: { id: 'simulated', port, hostname: address, address: { ip: address, port } },
          start_time: Date.now() / 1000 - 60,
          elected_time: Date.now() / 1000 - 60,
        },
      }),
    };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ type, ...answers[type]?.() }));
  }

  #scheduler(call: SchedulerCall, response: ServerResponse): void {
    if (call.type === 'SUBSCRIBE') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': randomUUID() });
      this.#stream = response;
      const subscribed = recordedSubscribed() as unknown as { subscribed: { framework_id: Id } };
      this.#frameworkId = call.framework_id ?? subscribed.subscribed.framework_id;
      subscribed.subscribed.framework_id = this.#frameworkId;
      this.#suppressed = (call.subscribe.suppressed_roles ?? []).length > 0;
      this.#send(subscribed);
      return;
    }
    response.writeHead(202).end();
    switch (call.type) {
      case 'ACCEPT':
        for (const { value } of call.accept.offer_ids ?? []) this.#offers.delete(value);
        for (const { launch } of call.accept.operations ?? []) {
          for (const task of launch?.task_infos ?? []) this.#launch(task.task_id.value, task.agent_id);
        }
        break;
      case 'DECLINE':
        for (const { value } of call.decline.offer_ids ?? []) this.#offers.delete(value);
        break;
      case 'SUPPRESS':
        this.#suppressed = true;
        break;
      case 'REVIVE':
        this.#suppressed = false;
        break;
      default:
        break;
    }
  }

  #launch(id: string, agent: Id): void {
    const task: Running = { id, agent, state: 'TASK_STARTING' };
    this.#running.set(id, task);
    this.#update(task);
    const tell = (state: TaskState, afterMs: number): void => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        task.state = state;
        if (state === 'TASK_FINISHED') this.#running.delete(id);
        this.#update(task);
      }, afterMs);
      this.#timers.add(timer);
    };
    tell('TASK_RUNNING', beginsMs);
    tell('TASK_FINISHED', beginsMs + runsMs);
  }

  #update({ id, agent, state }: Running): void {
    this.onUpdate(id, state);
    this.sent.push({ taskId: id, state, at: Date.now() });
    this.#send({
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: id },
          agent_id: agent,
          state,
          source: 'SOURCE_EXECUTOR',
          timestamp: Date.now() / 1000,
        },
      },
    });
  }

  #offer(): void {
    if (this.#suppressed || !this.#stream) return;
    const offers: Offer[] = [];
    while (this.#offers.size < mostOffers) {
      const agent = this.#agents[this.#nextAgent % this.#agents.length];
      this.#nextAgent += 1;
      if (!agent?.agent_info.id) break;
      const offer: Offer = {
        id: { value: randomUUID() },
        framework_id: this.#frameworkId,
        agent_id: agent.agent_info.id,
        hostname: agent.agent_info.hostname,
        resources: amounts(16, 65_536).map((one) => ({ ...one, allocation_info: { role: '*' } })),
        ...(agent.agent_info.attributes ? { attributes: agent.agent_info.attributes } : {}),
        allocation_info: { role: '*' },
      };
      this.#offers.set(offer.id.value, offer);
      offers.push(offer);
    }
    if (offers.length > 0) this.#send({ type: 'OFFERS', offers: { offers } });
  }

  #send(event: object): void {
    this.#stream?.write(encodeRecord(JSON.stringify(event)));
  }

  #listed(): AgentEntry[] {
    const used = new Map<string, number>();
    for (const { agent } of this.#running.values()) used.set(agent.value, (used.get(agent.value) ?? 0) + 1);
    return this.#agents.map((agent) => {
      const tasks = used.get(agent.agent_info.id?.value ?? '') ?? 0;
      return { ...agent, allocated_resources: amounts(tasks, tasks * 512) };
    });
  }

  #framework(): FrameworkEntry {
    const framework_info = { id: this.#frameworkId, name: 'airflow', user: 'airflow', roles: ['*'] };
    return { framework_info, active: true, connected: true, allocated_resources: amounts(1, 512) };
  }

  #task({ id, agent, state }: Running): Task {
    return {
      name: id,
      task_id: { value: id },
      framework_id: this.#frameworkId,
      agent_id: agent,
      state,
      resources: amounts(1, 512),
    };
  }
}

function agentEntry(index: number): AgentEntry {
  const name = `agent-${index + 1}`;
  return {
    agent_info: {
      id: { value: `simulated-S${index}` },
      hostname: `${name}.example`,
      port: 5051,
      resources: amounts(32, 131_072),
      attributes: [
        { name: 'name', type: 'TEXT', text: { value: name } },
        { name: 'zone', type: 'TEXT', text: { value: `zone-${index % 3}` } },
      ],
    },
    active: true,
    version: '1.11.0',
    pid: `slave(1)@10.0.${index >> 8}.${index & 255}:5051`,
    registered_time: { nanoseconds: (Date.now() - 3_600_000) * 1e6 },
    total_resources: amounts(32, 131_072),
    allocated_resources: [],
    offered_resources: [],
  };
}

function amounts(cpus: number, mem: number): Resource[] {
  const scalar = (name: string, value: number): Resource => ({
    name,
    type: 'SCALAR',
    scalar: { value },
    role: '*',
  });
  return [scalar('cpus', cpus), scalar('mem', mem), scalar('disk', 10_000)];
}
