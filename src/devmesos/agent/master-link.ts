import { messageOf } from '../../host/errors.ts';
import type { Timer } from '../clock.ts';
import { connectToMaster, type MasterChannel } from '../link/connect.ts';
import type { Log } from '../log.ts';
import { versionInfo } from '../version.ts';
import type { Agent } from './agent.ts';

/** Waits between two tries to reach the master: milliseconds, doubling. */
const firstWait = 50;
const longestWait = 1000;

/** Keeps an agent connected to its master: registers it, and again whenever either of them was gone. */
export class MasterLink {
  readonly #agent: Agent;
  readonly #log: Log;
  readonly #onRegistered: () => void;
  #channel: MasterChannel | undefined;
  #wait = firstWait;
  #retry: Timer | undefined;
  #stopped = false;
  #lastProblem = '';

  constructor(agent: Agent, log: Log, onRegistered: () => void) {
    this.#agent = agent;
    this.#log = log;
    this.#onRegistered = onRegistered;
  }

  async start(): Promise<void> {
    const { master, secret } = this.#agent.options;
    try {
      this.#channel = await connectToMaster({
        master,
        secret,
        onMessage: (message) => {
          if (message.type === 'registered') void this.#registered(message.agentId.value);
          else this.#agent.receive(message);
        },
        onClose: (reason) => this.#lost(reason),
      });
    } catch (error) {
      this.#lost(messageOf(error));
      return;
    }
    if (this.#stopped) {
      this.#channel.close();
      return;
    }
    this.#register(this.#channel);
  }

  /** Takes leave of the master, so that it doesn't wait for this agent, and disconnects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#channel?.send({ type: 'unregister' });
    await this.#channel?.finish();
  }

  #register(channel: MasterChannel): void {
    const { options, id, pid, port } = this.#agent;
    const registration = {
      info: {
        hostname: options.host,
        port,
        resources: [...options.resources],
        ...(options.attributes.length > 0 ? { attributes: [...options.attributes] } : {}),
        checkpoint: true,
      },
      pid,
      version: versionInfo.version,
    };
    // Messages about tasks wait until the master knows the agent.
    this.#agent.send = () => undefined;
    channel.send(
      id
        ? { type: 'reregister', agentId: id, registration, ...this.#agent.runningTasks() }
        : { type: 'register', registration },
    );
  }

  async #registered(agentId: string): Promise<void> {
    const channel = this.#channel;
    if (!channel) return;
    this.#wait = firstWait;
    this.#lastProblem = '';
    const isNew = this.#agent.id?.value !== agentId;
    this.#agent.id = { value: agentId };
    this.#agent.send = (message) => channel.send(message);
    this.#log(`registered with ${this.#agent.options.master} as ${agentId}`);
    this.#agent.updates.resend();
    if (isNew) await this.#agent.ledger.keepAgentId({ value: agentId });
    this.#onRegistered();
  }

  #lost(reason: string): void {
    this.#channel = undefined;
    this.#agent.send = () => undefined;
    if (this.#stopped) return;
    if (reason !== this.#lastProblem) this.#log(`no connection to ${this.#agent.options.master}: ${reason}`);
    this.#lastProblem = reason;
    this.#retry = this.#agent.clock.after(this.#wait, () => void this.start());
    this.#wait = Math.min(this.#wait * 2, longestWait);
  }
}
