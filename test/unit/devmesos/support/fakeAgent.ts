import { randomUUID } from 'node:crypto';
import { parseAttributes, parseResources } from '../../../../src/devmesos/flagValues.ts';
import { connectToMaster, type MasterChannel } from '../../../../src/devmesos/link/connect.ts';
import type { RunningTask, ToAgent } from '../../../../src/devmesos/link/messages.ts';
import type { FrameworkInfo, Id, TaskState, TaskStatus } from '../../../../src/mesos/types.ts';
import { until } from '../../../support/until.ts';

interface Options {
  readonly resources?: string;
  readonly attributes?: string;
  readonly port?: number;
  /** Come back as this agent. */
  readonly id?: Id;
  readonly tasks?: RunningTask[];
  readonly frameworks?: FrameworkInfo[];
}

/** An agent that runs nothing: it speaks the link and does what the test says. */
export class FakeAgent {
  readonly messages: ToAgent[] = [];
  closed = false;
  #channel: MasterChannel | undefined;

  /** Connects and waits until it is registered. */
  static async register(master: string, secret: string, options: Options = {}): Promise<FakeAgent> {
    const agent = new FakeAgent();
    const { channel } = await connectToMaster({
      master,
      secret,
      onMessage: (message) => agent.messages.push(message),
      onClose: () => (agent.closed = true),
    });
    agent.#channel = channel;
    const {
      resources = 'cpus:4;mem:4096;disk:4096;ports:[31000-31999]',
      attributes,
      port = 5051,
      id,
    } = options;
    const registration = {
      info: {
        hostname: '127.0.0.1',
        port,
        resources: parseResources(resources),
        ...(attributes ? { attributes: parseAttributes(attributes) } : {}),
      },
      pid: `slave(1)@127.0.0.1:${port}`,
      version: '1.11.0',
    };
    channel.send(
      id
        ? {
            type: 'reregister',
            agentId: id,
            registration,
            tasks: options.tasks ?? [],
            frameworks: options.frameworks ?? [],
          }
        : { type: 'register', registration },
    );
    await agent.message('registered');
    return agent;
  }

  get id(): Id {
    const registered = this.messages.find((message) => message.type === 'registered');
    return registered!.agentId;
  }

  /** Waits for the first message of a type. */
  async message<T extends ToAgent['type']>(type: T, from = 0): Promise<ToAgent & { type: T }> {
    return until(
      () =>
        this.messages.slice(from).find((message): message is ToAgent & { type: T } => message.type === type),
      { what: `the message ${type} to the agent` },
    );
  }

  /** Sends an update as an agent does; returns its status. */
  update(frameworkId: Id, taskId: string, state: TaskState, latestState = state): TaskStatus {
    const status: TaskStatus = {
      task_id: { value: taskId },
      state,
      source: 'SOURCE_EXECUTOR',
      agent_id: this.id,
      executor_id: { value: taskId },
      timestamp: 1_795_355_399.5,
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
      container_status: { container_id: { value: 'c' }, executor_pid: 7 },
    };
    this.#channel?.send({ type: 'update', frameworkId, status, latestState });
    return status;
  }

  pong(): void {
    this.#channel?.send({ type: 'pong' });
  }

  unregister(): void {
    this.#channel?.send({ type: 'unregister' });
  }

  disconnect(): void {
    this.#channel?.close();
  }
}
