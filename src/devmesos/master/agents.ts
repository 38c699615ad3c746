import type { FrameworkInfo } from '../../mesos/types.ts';
import type { AgentConnection } from '../link/accept.ts';
import type { RunningTask, ToMaster } from '../link/messages.ts';
import { Resources } from '../resources.ts';
import { Agent } from './agent.ts';
import { Framework, type RegisteredInfo } from './framework.ts';
import type { Frameworks } from './frameworks.ts';
import type { Offers } from './offers.ts';
import type { MasterState } from './state.ts';
import { isTerminal } from '../taskView.ts';
import { MasterTask } from './task.ts';
import type { Tasks } from './tasks.ts';
import { agentView, nanoseconds } from './views.ts';

/**
 * Milliseconds that a scheduler has at least to come back after the master's restart. The real master waits for ever; here a
 * framework that is gone for good doesn't keep its tasks running.
 */
const recoveryTime = 600_000;

type Reregistration = ToMaster & { type: 'reregister' };

/** The life of agents: registration, return, loss. */
export class Agents {
  readonly #state: MasterState;
  readonly #offers: Offers;
  readonly #tasks: Tasks;
  readonly #frameworks: Frameworks;

  constructor(state: MasterState, offers: Offers, tasks: Tasks, frameworks: Frameworks) {
    this.#state = state;
    this.#offers = offers;
    this.#tasks = tasks;
    this.#frameworks = frameworks;
  }

  /** Serves an agent that has proved who it is. */
  connected(connection: AgentConnection): void {
    let agent: Agent | undefined;
    connection.onMessage = (message) => {
      if (message.type === 'register') agent ??= this.#register(message, connection);
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
    this.#add(agent);
    return agent;
  }

  #reregister(message: Reregistration, { channel }: AgentConnection): Agent {
    const now = this.#state.clock.now();
    const { agentId, registration } = message;
    const known = this.#state.agents.get(agentId.value);
    const wasUnreachable = this.#state.unreachableAgents.delete(agentId.value);
    const agent = known ?? new Agent(registration, agentId, channel, now);
    agent.reregisteredTime = now;
    if (known) {
      known.channel?.close();
      known.channel = channel;
      known.info = { ...registration.info, id: agentId };
      known.pid = registration.pid;
      known.version = registration.version;
      known.missedPings = 0;
    }
    for (const info of message.frameworks) this.#recover(info);
    this.#takeOver(agent, message.tasks, known !== undefined, wasUnreachable);
    if (known) this.#welcomeBack(known);
    else this.#add(agent);
    return agent;
  }

  /** A framework known from an agent after the master's restart. */
  #recover(info: FrameworkInfo): void {
    const id = info.id;
    if (!id || this.#state.frameworks.has(id.value) || this.#state.completedFrameworks.has(id.value)) return;
    const framework = new Framework({ ...info, id } satisfies RegisteredInfo, this.#state.clock.now());
    framework.recovered = true;
    this.#state.frameworks.set(id.value, framework);
    this.#frameworks.expire(framework, recoveryTime);
  }

  /** Makes our view of the agent's tasks the agent's. */
  #takeOver(
    agent: Agent,
    running: readonly RunningTask[],
    isKnownAgent: boolean,
    wasUnreachable: boolean,
  ): void {
    const told = new Set<MasterTask>();
    for (const { task: view, latestState } of running) {
      const framework = this.#state.frameworks.get(view.framework_id.value);
      if (!framework) {
        // Its framework was removed meanwhile.
        agent.send({ type: 'shutdown-framework', frameworkId: view.framework_id });
        continue;
      }
      const existing = agent.taskOf(framework, view.task_id.value);
      if (existing) {
        existing.view.state = latestState;
        told.add(existing);
        continue;
      }
      if (isKnownAgent) {
        // We told its scheduler that it is lost, when the connection broke.
        agent.send({ type: 'kill', frameworkId: framework.info.id, taskId: view.task_id });
        continue;
      }
      framework.unreachableTasks.delete(view.task_id.value);
      const task = new MasterTask({ ...view, state: latestState });
      framework.tasks.set(task.id, task);
      agent.addTask(task);
      told.add(task);
      this.#state.events.send({ type: 'TASK_ADDED', task_added: { task: task.view } });
      if (!isTerminal(latestState)) this.#tellReturn(framework, task, wasUnreachable);
    }
    const missing = [...agent.tasks.values()].filter((task) => !told.has(task));
    const unknown = missing.flatMap((task) => {
      const framework = this.#state.frameworks.get(task.frameworkId);
      return framework ? [{ framework: framework.info, taskId: task.view.task_id }] : [];
    });
    if (unknown.length > 0) agent.send({ type: 'reconcile', tasks: unknown });
    this.#recount(agent);
  }

  #tellReturn(framework: Framework, task: MasterTask, wasUnreachable: boolean): void {
    const last = task.view.statuses?.at(-1);
    this.#tasks.tell(framework, task.view.task_id, {
      state: task.view.state,
      message: wasUnreachable ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered',
      reason: 'REASON_AGENT_REREGISTERED',
      agent_id: task.view.agent_id,
      ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
      ...(last?.container_status ? { container_status: last.container_status } : {}),
    });
  }

  #recount(agent: Agent): void {
    agent.total = Resources.of(agent.info.resources);
    let free = agent.total;
    for (const task of agent.tasks.values()) {
      task.released = isTerminal(task.view.state);
      if (!task.released) free = free.minus(task.resources);
    }
    for (const open of agent.offers.values()) free = free.minus(open.resources);
    agent.free = free;
  }

  #add(agent: Agent): void {
    this.#state.agents.set(agent.id, agent);
    this.#state.log(`agent ${agent.id} at ${agent.pid} registered`);
    this.#welcomeBack(agent);
    this.#state.events.send({ type: 'AGENT_ADDED', agent_added: { agent: agentView(agent) } });
  }

  #welcomeBack(agent: Agent): void {
    agent.send({ type: 'registered', agentId: agent.info.id, masterId: this.#state.id });
    for (const message of agent.killsPending.values()) agent.send(message);
    agent.killsPending.clear();
    agent.missedPings = 0;
    agent.pinging?.cancel();
    agent.pinging = this.#state.clock.every(this.#state.options.agentPingTimeout, () => this.#ping(agent));
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
  }

  #unreachable(agent: Agent): void {
    const now = this.#state.clock.now();
    this.#state.unreachableAgents.set(agent.id, now);
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
    this.#tellLoss(agent);
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
    this.#tellLoss(agent);
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
    this.#state.agents.delete(agent.id);
    return [...agent.tasks.values()].flatMap((task) => {
      const framework = this.#state.frameworks.get(task.frameworkId);
      if (!framework) return [];
      if (!isTerminal(task.reportedState)) return { framework, task };
      framework.complete(task);
      return [];
    });
  }

  #tellLoss(agent: Agent): void {
    for (const framework of this.#state.frameworks.values()) {
      framework.send({ type: 'FAILURE', failure: { agent_id: agent.info.id } });
    }
  }
}
