import { randomBytes } from 'node:crypto';
import { connectToMaster, type MasterChannel } from '../../../src/devmesos/link/connect.ts';
import type { ToAgent } from '../../../src/devmesos/link/messages.ts';
import { parseResources } from '../../../src/devmesos/flagValues.ts';
import type { Id, TaskState, TaskStatus } from '../../../src/mesos/types.ts';

interface SimulatedTask {
  readonly frameworkId: Id;
  readonly taskId: Id;
  readonly agent: SimulatedAgent;
  /** What is to be told, the first of them told and not acknowledged. */
  readonly pending: TaskStatus[];
  state: TaskState;
}

/** Agents of one process that speak the real link and say of their tasks that they start and run, but run nothing. */
export class SimulatedAgents {
  readonly tasks: SimulatedTask[] = [];
  readonly #agents: SimulatedAgent[] = [];
  updatesSent = 0;

  static async register(master: string, secret: string, count: number): Promise<SimulatedAgents> {
    const all = new SimulatedAgents();
    // As many at a time as a master's backlog takes.
    for (let from = 0; from < count; from += 100) {
      const some = Array.from({ length: Math.min(100, count - from) }, (_, nth) =>
        SimulatedAgent.register(all, master, secret, from + nth),
      );
      all.#agents.push(...(await Promise.all(some)));
    }
    return all;
  }

  /** So many tasks that run, one after the other in turns, say again that they do. */
  updateSome(count: number): void {
    for (let nth = 0; nth < count; nth += 1) {
      const task = this.tasks[this.#turn++ % this.tasks.length];
      if (task?.state === 'TASK_RUNNING') task.agent.tell(task, 'TASK_RUNNING');
    }
  }
  #turn = 0;

  close(): void {
    for (const agent of this.#agents) agent.close();
  }
}

class SimulatedAgent {
  readonly #all: SimulatedAgents;
  readonly #tasks = new Map<string, SimulatedTask>();
  #channel: MasterChannel | undefined;
  #id: Id = { value: '' };

  private constructor(all: SimulatedAgents) {
    this.#all = all;
  }

  static async register(
    all: SimulatedAgents,
    master: string,
    secret: string,
    nth: number,
  ): Promise<SimulatedAgent> {
    const agent = new SimulatedAgent(all);
    await new Promise<void>((resolve, reject) => {
      connectToMaster({
        master,
        secret,
        onMessage: (message) => {
          agent.#receive(message);
          if (message.type === 'registered') resolve();
        },
        onClose: (reason) => reject(new Error(reason)),
      }).then(({ channel }) => {
        agent.#channel = channel;
        const port = 6000 + nth;
        const info = {
          hostname: `agent-${nth}.example`,
          port,
          resources: parseResources('cpus:16;mem:65536;disk:100000;ports:[31000-32000]'),
          attributes: [{ name: 'zone', type: 'TEXT' as const, text: { value: `zone-${nth % 3}` } }],
        };
        const registration = { info, pid: `slave(1)@127.0.0.1:${port}`, version: '1.11.0' };
        channel.send({ type: 'register', registration });
      }, reject);
    });
    return agent;
  }

  tell(task: SimulatedTask, state: TaskState): void {
    const uuid = randomBytes(16);
    uuid[6] = (uuid.readUInt8(6) & 0x0f) | 0x40;
    uuid[8] = (uuid.readUInt8(8) & 0x3f) | 0x80;
    task.state = state;
    task.pending.push({
      ...{ task_id: task.taskId, state, source: 'SOURCE_EXECUTOR', agent_id: this.#id },
      ...{ executor_id: task.taskId, timestamp: Date.now() / 1000, uuid: uuid.toString('base64') },
      container_status: {
        container_id: { value: task.taskId.value },
        network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }],
        executor_pid: 4711,
      },
    });
    if (task.pending.length === 1) this.#sendFirst(task);
  }

  close(): void {
    this.#channel?.close();
  }

  #receive(message: ToAgent): void {
    switch (message.type) {
      case 'registered':
        this.#id = message.agentId;
        return;
      case 'ping':
        this.#channel?.send({ type: 'pong' });
        return;
      case 'run': {
        const { framework, task } = message;
        const taskId = task.task_id;
        const running: SimulatedTask = {
          ...{ frameworkId: framework.id ?? { value: '' }, taskId, agent: this },
          ...{ pending: [], state: 'TASK_STAGING' as const },
        };
        this.#tasks.set(taskId.value, running);
        this.#all.tasks.push(running);
        this.tell(running, 'TASK_STARTING');
        this.tell(running, 'TASK_RUNNING');
        return;
      }
      case 'acknowledge': {
        const task = this.#tasks.get(message.taskId.value);
        if (task?.pending[0]?.uuid !== message.uuid) return;
        task.pending.shift();
        if (task.pending.length > 0) this.#sendFirst(task);
        return;
      }
      default:
        return;
    }
  }

  #sendFirst({ frameworkId, pending, state }: SimulatedTask): void {
    const [status] = pending;
    if (!status) return;
    this.#all.updatesSent += 1;
    this.#channel?.send({ type: 'update', frameworkId, status, latestState: state });
  }
}
