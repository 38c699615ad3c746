import { messageOf } from '../../host/errors.ts';
import { isWildcard } from '../address.ts';
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
  readonly #onDismissed: () => void;
  #channel: MasterChannel | undefined;
  #wait = firstWait;
  #retry: Timer | undefined;
  #silence: Timer | undefined;
  #pingTimeout = Infinity;
  #stopped = false;
  #lastProblem = '';

  /** `onRegistered` is called at each registration, `onDismissed` when the master wants no more of this agent. */
  constructor(agent: Agent, onRegistered: () => void, onDismissed: () => void) {
    this.#agent = agent;
    this.#onRegistered = onRegistered;
    this.#onDismissed = onDismissed;
  }

  /** Begins to connect; never rejects. */
  async start(): Promise<void> {
    const { master, secret } = this.#agent.state.options;
    try {
      const { channel, localAddress } = await connectToMaster({
        master,
        secret,
        onMessage: (message) => {
          if (message.type === 'registered') this.#registered(message.agentId.value, message.pingTimeout);
          else if (message.type === 'shutdown') this.#dismissed(message.reason);
          else this.#agent.receive(message);
          if (message.type === 'ping') this.#heard();
        },
        onClose: (reason) => this.#lost(reason),
      });
      this.#channel = channel;
      this.#takeAddress(localAddress);
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
    this.#silence?.cancel();
    this.#channel?.send({ type: 'unregister' });
    await this.#channel?.finish();
  }

  /** An agent on all addresses is told to others by the one that this connection has: it follows the network. */
  #takeAddress(local: string): void {
    const { options, address } = this.#agent.state;
    if (isWildcard(options.host) && options.advertiseIp === undefined && local !== '') address.ip = local;
  }

  /**
   * The master lives. Where nothing says so for as long as it would wait for us, the connection is taken for dead: a
   * machine or a network that vanishes closes nothing.
   */
  #heard(): void {
    this.#silence?.cancel();
    this.#silence = this.#agent.state.clock.after(this.#pingTimeout, () => this.#channel?.close());
  }

  #register(channel: MasterChannel): void {
    const { state } = this.#agent;
    const { resources, attributes } = state.options;
    const registration: Registration = {
      info: {
        hostname: state.address.hostname,
        port: state.port,
        resources: [...resources],
        ...(attributes.length > 0 ? { attributes: [...attributes] } : {}),
      },
      pid: state.pid,
      version: versionInfo.version,
    };
    // Messages about tasks wait until the master knows the agent.
    state.isRegistered = false;
    state.send = () => undefined;
    channel.send(
      state.id
        ? { type: 'reregister', agentId: state.id, registration, ...this.#agent.report() }
        : { type: 'register', registration },
    );
  }

  #registered(id: string, pingTimeout: number): void {
    const { state } = this.#agent;
    const channel = this.#channel;
    if (!channel) return;
    this.#wait = firstWait;
    this.#lastProblem = '';
    this.#pingTimeout = pingTimeout;
    this.#heard();
    if (state.id?.value !== id) {
      state.id = { value: id };
      state.ledger
        .keepAgentId(state.id)
        .catch((error: unknown) => state.log(`the agent's id is not kept: ${messageOf(error)}`));
    }
    state.isRegistered = true;
    state.send = (message) => channel.send(message);
    state.log(`registered with ${state.options.master} as ${id}`);
    this.#agent.registered();
    this.#onRegistered();
  }

  #dismissed(reason: string): void {
    this.#agent.state.log(`the master wants this agent to end: ${reason}`);
    this.#stopped = true;
    this.#onDismissed();
  }

  #lost(reason: string): void {
    const { state } = this.#agent;
    this.#channel = undefined;
    this.#silence?.cancel();
    state.isRegistered = false;
    state.send = () => undefined;
    if (this.#stopped) return;
    // The same problem again and again is worth one line.
    if (reason !== this.#lastProblem) state.log(`no connection to ${state.options.master}: ${reason}`);
    this.#lastProblem = reason;
    this.#retry = state.clock.after(this.#wait, () => void this.start());
    this.#wait = Math.min(this.#wait * 2, longestWait);
  }
}
