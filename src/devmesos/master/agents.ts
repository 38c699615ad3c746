import type { Id } from '../../mesos/types.ts';
import type { Timer } from '../clock.ts';
import type { AgentConnection } from '../link/accept.ts';
import type { ToMaster } from '../link/messages.ts';
import { Agent } from './agent.ts';
import { AgentReturns, type Acquaintance } from './agentReturns.ts';
import type { Executors } from './executors.ts';
import type { Framework } from './framework.ts';
import type { Frameworks } from './frameworks.ts';
import type { Offers } from './offers.ts';
import type { MasterState } from './state.ts';
import { isTerminal } from '../taskView.ts';
import type { MasterTask } from './task.ts';
import type { MasterStatus, Tasks } from './tasks.ts';
import { agentView, nanoseconds } from './views.ts';

/** What frameworks and the agent are told of one that was given up. */
const gone = 'Agent has been marked gone';

type Reregistration = ToMaster & { type: 'reregister' };

export interface AgentsParts {
  readonly state: MasterState;
  readonly offers: Offers;
  readonly tasks: Tasks;
  readonly frameworks: Frameworks;
  readonly executors: Executors;
}

/** The life of agents: registration, return, loss. */
export class Agents {
  readonly #state: MasterState;
  readonly #offers: Offers;
  readonly #tasks: Tasks;
  readonly #executors: Executors;
  readonly #returns: AgentReturns;
  #recovery: Timer | undefined;

  constructor({ state, offers, tasks, frameworks, executors }: AgentsParts) {
    this.#state = state;
    this.#offers = offers;
    this.#tasks = tasks;
    this.#executors = executors;
    this.#returns = new AgentReturns(state, tasks, frameworks, executors);
  }

  /** Serves an agent that has proved who it is. */
  connected(connection: AgentConnection): void {
    let agent: Agent | undefined;
    connection.onMessage = (message) => {
      if (message.type === 'register') agent ??= this.#register(message, connection);
      else if (message.type === 'reregister' && this.#state.registry.gone.has(message.agentId.value))
        connection.channel.send({ type: 'shutdown', reason: gone });
      else if (message.type === 'reregister') agent ??= this.#reregister(message, connection);
      else if (agent) this.#receive(agent, message);
    };
    connection.onClose = (reason) => {
      if (agent?.channel === connection.channel) this.#disconnected(agent, reason);
    };
  }

  #receive(agent: Agent, message: ToMaster): void {
    agent.missedPings = 0;
    switch (message.type) {
      case 'update':
        this.#tasks.update(agent, message);
        return;
      case 'state':
        this.#tasks.newState(agent, message);
        return;
      case 'message':
        this.#executors.message(agent, message);
        return;
      case 'executor-ended':
        this.#executors.ended(agent, message);
        return;
      case 'unregister':
        this.#unregistered(agent);
        return;
      default:
        return;
    }
  }

  #register({ registration }: ToMaster & { type: 'register' }, { channel }: AgentConnection): Agent {
    const agent = new Agent(
      registration,
      { value: this.#state.newAgentId() },
      channel,
      this.#state.clock.now(),
    );
    this.#state.registry.admit(agent.info);
    this.#add(agent);
    return agent;
  }

  #reregister(message: Reregistration, { channel }: AgentConnection): Agent {
    const now = this.#state.clock.now();
    const { agentId, registration } = message;
    const known = this.#state.agents.get(agentId.value);
    const agent = known ?? new Agent(registration, agentId, channel, now);
    agent.reregisteredTime = now;
    if (known) {
      known.channel?.close();
      // Offers name the agent's address.
      if (known.pid !== registration.pid) this.#offers.rescindAllOf(known);
      known.update(registration, channel);
    }
    this.#returns.takeOver(agent, message, known ? 'registered' : this.#acquaintanceWith(agent.id));
    this.#state.recoveredAgents.delete(agent.id);
    this.#state.registry.admit(agent.info);
    if (known) this.#welcomeBack(known);
    else this.#add(agent);
    return agent;
  }

  #acquaintanceWith(agentId: string): Acquaintance {
    if (this.#state.recoveredAgents.has(agentId)) return 'recovered';
    return this.#state.registry.unreachable.has(agentId) ? 'unreachable' : 'unknown';
  }

  #add(agent: Agent): void {
    this.#state.agents.set(agent.id, agent);
    this.#state.log(`agent ${agent.id} at ${agent.pid} registered`);
    this.#welcomeBack(agent);
    // Here, other than in GET_AGENTS, without what its protobuf message leaves to defaults.
    const added = { ...agentView(agent), agent_info: agent.info };
    this.#state.events.send({ type: 'AGENT_ADDED', agent_added: { agent: added } });
  }

  #welcomeBack(agent: Agent): void {
    const { agentPingTimeout, maxAgentPingTimeouts } = this.#state.options;
    agent.send({
      type: 'registered',
      agentId: agent.info.id,
      masterId: this.#state.id,
      pingTimeout: agentPingTimeout * maxAgentPingTimeouts,
    });
    for (const message of agent.killsPending.values()) agent.send(message);
    agent.killsPending.clear();
    agent.missedPings = 0;
    agent.pinging?.cancel();
    agent.pinging = this.#state.clock.every(agentPingTimeout, () => this.#ping(agent));
    this.#offers.allocator.soon([agent.id]);
  }

  #ping(agent: Agent): void {
    const { maxAgentPingTimeouts } = this.#state.options;
    if (agent.missedPings >= maxAgentPingTimeouts) {
      this.#unreachable(agent);
      return;
    }
    agent.missedPings += 1;
    agent.send({ type: 'ping' });
  }

  /** The connection broke: its offers are void; its tasks wait for it, but for those that don't survive an agent's restart. */
  #disconnected(agent: Agent, reason: string): void {
    this.#state.log(`agent ${agent.id} disconnected: ${reason}`);
    agent.channel = undefined;
    this.#offers.rescindAllOf(agent);
    this.#offers.allocator.filters.forgetAgent(agent.id);
    for (const task of [...agent.tasks.values()]) {
      const framework = this.#state.frameworks.get(task.frameworkId);
      if (!framework || framework.info.checkpoint) continue;
      this.#tasks.end(framework, agent, task, {
        state: 'TASK_LOST',
        message: `Agent ${agent.info.hostname} disconnected`,
        reason: 'REASON_AGENT_DISCONNECTED',
        agent_id: agent.info.id,
      });
      framework.complete(task);
    }
    for (const executor of [...agent.executors.values()]) {
      const framework = this.#state.frameworks.get(executor.frameworkId);
      if (!framework?.info.checkpoint) this.#executors.remove(executor);
    }
  }

  #unreachable(agent: Agent): void {
    const now = this.#state.clock.now();
    this.#state.registry.markUnreachable(agent.id, now);
    for (const { framework, task } of this.#remove(agent, 'health check timed out')) {
      this.#tasks.end(framework, agent, task, {
        state: framework.can('PARTITION_AWARE') ? 'TASK_UNREACHABLE' : 'TASK_LOST',
        message: 'health check timed out',
        reason: 'REASON_AGENT_REMOVED',
        agent_id: agent.info.id,
        unreachable_time: nanoseconds(now),
      });
      framework.tasks.delete(task.id);
      framework.unreachableTasks.set(task.id, task);
    }
    this.#tellLoss(agent.info.id);
  }

  /** Begins the time that the agents of the master before this one have to come back. */
  expectRecovered(): void {
    const { agentReregisterTimeout } = this.#state.options;
    if (this.#state.recoveredAgents.size === 0) return;
    this.#recovery = this.#state.clock.after(agentReregisterTimeout, () => {
      for (const { id, hostname } of this.#state.recoveredAgents.values()) {
        this.#state.log(`agent ${id.value} (${hostname}) did not come back after the master's restart`);
        this.#state.registry.markUnreachable(id.value, this.#state.clock.now());
        this.#state.recoveredAgents.delete(id.value);
        this.#tellLoss(id);
      }
    });
  }

  /** Waits for nobody any more. */
  close(): void {
    this.#recovery?.cancel();
    for (const agent of this.#state.agents.values()) {
      agent.pinging?.cancel();
      agent.channel?.close();
    }
  }

  /** An operator gives an agent up, connected or not: it may not come back. False: there is none of that id. */
  markGone(agentId: string): boolean {
    const { registry, agents, recoveredAgents, clock } = this.#state;
    if (registry.gone.has(agentId)) return true;
    const agent = agents.get(agentId);
    if (!agent && !registry.unreachable.has(agentId) && !recoveredAgents.delete(agentId)) return false;
    registry.markGone(agentId, clock.now());
    if (agent) this.#giveUp(agent);
    else this.#giveUpUnreachable(agentId);
    return true;
  }

  #giveUp(agent: Agent): void {
    const { channel } = agent;
    agent.channel = undefined;
    channel?.send({ type: 'shutdown', reason: gone });
    void channel?.finish();
    for (const { framework, task } of this.#remove(agent, gone)) {
      this.#tasks.end(framework, agent, task, this.#goneStatus(framework, task));
      framework.complete(task);
    }
    this.#tellLoss(agent.info.id);
  }

  #giveUpUnreachable(agentId: string): void {
    for (const framework of this.#state.frameworks.values()) {
      for (const task of [...framework.unreachableTasks.values()]) {
        if (task.agentId !== agentId) continue;
        this.#tasks.end(framework, undefined, task, this.#goneStatus(framework, task));
        framework.unreachableTasks.delete(task.id);
        framework.complete(task);
      }
    }
  }

  #goneStatus(framework: Framework, task: MasterTask): MasterStatus {
    const isAware = framework.can('PARTITION_AWARE');
    return {
      state: isAware ? 'TASK_GONE_BY_OPERATOR' : 'TASK_LOST',
      message: gone,
      reason: isAware ? 'REASON_AGENT_REMOVED_BY_OPERATOR' : 'REASON_AGENT_REMOVED',
      agent_id: task.view.agent_id,
    };
  }

  #unregistered(agent: Agent): void {
    const cause = 'the agent unregistered';
    for (const { framework, task } of this.#remove(agent, cause)) {
      this.#tasks.end(framework, agent, task, {
        state: 'TASK_LOST',
        message: `Agent ${agent.info.hostname} removed: ${cause}`,
        reason: 'REASON_AGENT_REMOVED',
        agent_id: agent.info.id,
      });
      framework.complete(task);
    }
    this.#state.registry.remove(agent.id);
    this.#tellLoss(agent.info.id);
    this.#state.events.send({ type: 'AGENT_REMOVED', agent_removed: { agent_id: agent.info.id } });
  }

  /** Forgets an agent with its offers. Returns its tasks but those whose end was told already, which end here. */
  #remove(agent: Agent, cause: string): { framework: Framework; task: MasterTask }[] {
    this.#state.log(`agent ${agent.id} removed: ${cause}`);
    agent.pinging?.cancel();
    this.#offers.rescindAllOf(agent);
    this.#offers.allocator.filters.forgetAgent(agent.id);
    const { channel } = agent;
    agent.channel = undefined;
    channel?.close();
    for (const executor of [...agent.executors.values()]) this.#executors.remove(executor);
    this.#state.agents.delete(agent.id);
    return [...agent.tasks.values()].flatMap((task) => {
      const framework = this.#state.frameworks.get(task.frameworkId);
      if (!framework) return [];
      if (!isTerminal(task.reportedState)) return { framework, task };
      framework.complete(task);
      return [];
    });
  }

  #tellLoss(agentId: Id): void {
    for (const framework of this.#state.frameworks.values()) {
      framework.send({ type: 'FAILURE', failure: { agent_id: agentId } });
    }
  }
}
