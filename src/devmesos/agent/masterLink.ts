import { messageOf } from '../../host/errors.ts';
import type { Timer } from '../clock.ts';
import { connectToMaster, type MasterChannel } from '../link/connect.ts';
import type { Registration } from '../link/messages.ts';
import { versionInfo } from '../version.ts';
import type { Agent } from './agent.ts';

/** Waits between two tries to reach the master: milliseconds, doubling. */
const firstWait = 50;
const longestWait = 1000;

/** Keeps an agent connected to its master: registers it, and again whenever either of them was gone. */
export class MasterLink {
  readonly #agent: Agent;
  readonly #onRegistered: () => void;
  #channel: MasterChannel | undefined;
  #wait = firstWait;
  #retry: Timer | undefined;
  #stopped = false;
  #lastProblem = '';

  /** `onRegistered` is called at each registration. */
  constructor(agent: Agent, onRegistered: () => void) {
    this.#agent = agent;
    this.#onRegistered = onRegistered;
  }

  /** Begins to connect; never rejects. */
  async start(): Promise<void> {
    const { master, secret } = this.#agent.state.options;
    try {
      const channel = await connectToMaster({
        master,
        secret,
        onMessage: (message) => {
          if (message.type === 'registered') this.#registered(message.agentId.value);
          else this.#agent.receive(message);
        },
        onClose: (reason) => this.#lost(reason),
      });
      this.#channel = channel;
      if (this.#stopped) channel.close();
      else this.#register(channel);
    } catch (error) {
      this.#lost(messageOf(error));
    }
  }

  /** Takes leave of the master, so that it doesn't wait for this agent, and disconnects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#channel?.send({ type: 'unregister' });
    await this.#channel?.finish();
  }

  #register(channel: MasterChannel): void {
    const { state } = this.#agent;
    const { host, resources, attributes } = state.options;
    const registration: Registration = {
      info: {
        hostname: host,
        port: state.port,
        resources: [...resources],
        ...(attributes.length > 0 ? { attributes: [...attributes] } : {}),
      },
      pid: state.pid,
      version: versionInfo.version,
    };
    // Messages about tasks wait until the master knows the agent.
    state.send = () => undefined;
    channel.send(
      state.id
        ? { type: 'reregister', agentId: state.id, registration, ...this.#agent.report() }
        : { type: 'register', registration },
    );
  }

  #registered(id: string): void {
    const { state } = this.#agent;
    const channel = this.#channel;
    if (!channel) return;
    this.#wait = firstWait;
    this.#lastProblem = '';
    if (state.id?.value !== id) {
      state.id = { value: id };
      state.ledger
        .keepAgentId(state.id)
        .catch((error: unknown) => state.log(`the agent's id is not kept: ${messageOf(error)}`));
    }
    state.send = (message) => channel.send(message);
    state.log(`registered with ${state.options.master} as ${id}`);
    this.#agent.registered();
    this.#onRegistered();
  }

  #lost(reason: string): void {
    const { state } = this.#agent;
    this.#channel = undefined;
    state.send = () => undefined;
    if (this.#stopped) return;
    // The same problem again and again is worth one line.
    if (reason !== this.#lastProblem) state.log(`no connection to ${state.options.master}: ${reason}`);
    this.#lastProblem = reason;
    this.#retry = state.clock.after(this.#wait, () => void this.start());
    this.#wait = Math.min(this.#wait * 2, longestWait);
  }
}
