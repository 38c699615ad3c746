import type { ExecutorInfo, FrameworkInfo } from '../../mesos/types.ts';
import type { RunningTask } from '../link/messages.ts';
import { Resources } from '../resources.ts';
import { isTerminal } from '../taskView.ts';
import { taskKey, type Agent } from './agent.ts';
import type { Executors } from './executors.ts';
import { Framework } from './framework.ts';
import type { Frameworks } from './frameworks.ts';
import type { MasterState } from './state.ts';
import { MasterTask } from './task.ts';
import type { Tasks } from './tasks.ts';

/**
 * Milliseconds that a scheduler has at least to come back after the master's restart. The real master waits for ever; here a
 * framework that is gone for good doesn't keep its tasks running.
 */
const recoveryTime = 600_000;

/** How the master knew an agent that comes back. */
export type Acquaintance = 'registered' | 'recovered' | 'unreachable' | 'unknown';

/** Makes the master's view of an agent's tasks, when it comes back, the agent's own. */
export class AgentReturns {
  readonly #state: MasterState;
  readonly #tasks: Tasks;
  readonly #frameworks: Frameworks;
  readonly #executors: Executors;

  constructor(state: MasterState, tasks: Tasks, frameworks: Frameworks, executors: Executors) {
    this.#executors = executors;
    this.#state = state;
    this.#tasks = tasks;
    this.#frameworks = frameworks;
  }

  takeOver(
    agent: Agent,
    report: {
      readonly tasks: readonly RunningTask[];
      readonly executors?: readonly ExecutorInfo[];
      readonly frameworks: readonly FrameworkInfo[];
    },
    acquaintance: Acquaintance,
  ): void {
    for (const info of report.frameworks) this.#recover(info);
    const told = new Set(report.tasks.map((running) => this.#takeTask(agent, running, acquaintance)));
    const missing = [...agent.tasks.values()].filter((task) => !told.has(task));
    const unknown = missing.flatMap((task) => {
      const framework = this.#state.frameworks.get(task.frameworkId);
      return framework ? [{ framework: framework.info, taskId: task.view.task_id }] : [];
    });
    if (unknown.length > 0) agent.send({ type: 'reconcile', tasks: unknown });
    this.#takeExecutors(agent, report.executors ?? [], acquaintance);
    recount(agent);
  }

  /** Those that the agent has, and no others, hold resources of it. */
  #takeExecutors(agent: Agent, told: readonly ExecutorInfo[], acquaintance: Acquaintance): void {
    const living = new Set(
      told.map((info) => taskKey(info.framework_id?.value ?? '', info.executor_id.value)),
    );
    for (const [key, executor] of [...agent.executors])
      if (!living.has(key)) this.#executors.remove(executor);
    for (const info of told) {
      const { framework_id: frameworkId, executor_id: executorId } = info;
      const framework = this.#state.frameworks.get(frameworkId?.value ?? '');
      if (!framework || !frameworkId) {
        if (frameworkId) agent.send({ type: 'shutdown-framework', frameworkId });
        continue;
      }
      if (agent.executorOf(framework.id, executorId.value)) continue;
      this.#executors.add(framework, agent, { ...info, framework_id: frameworkId });
      // Its tasks were told to be lost when the connection broke.
      if (acquaintance === 'registered') agent.send({ type: 'shutdown-executor', frameworkId, executorId });
    }
  }

  /** A framework known from an agent after the master's restart. */
  #recover(info: FrameworkInfo): void {
    const { id } = info;
    if (!id || this.#state.frameworks.has(id.value) || this.#state.completedFrameworks.has(id.value)) return;
    const framework = new Framework({ ...info, id }, this.#state.clock.now());
    framework.recovered = true;
    this.#state.frameworks.set(id.value, framework);
    this.#frameworks.expire(framework, recoveryTime);
  }

  /** Returns the task, unless it is to end. */
  #takeTask(
    agent: Agent,
    { task: view, latestState }: RunningTask,
    acquaintance: Acquaintance,
  ): MasterTask | undefined {
    const framework = this.#state.frameworks.get(view.framework_id.value);
    if (!framework) {
      // Its framework was removed meanwhile.
      agent.send({ type: 'shutdown-framework', frameworkId: view.framework_id });
      return undefined;
    }
    const existing = agent.taskOf(framework, view.task_id.value);
    if (existing) {
      existing.view.state = latestState;
      return existing;
    }
    if (acquaintance === 'registered') {
      // We told its scheduler that it is lost, when the connection broke.
      agent.send({ type: 'kill', frameworkId: framework.info.id, taskId: view.task_id });
      return undefined;
    }
    framework.unreachableTasks.delete(view.task_id.value);
    const task = new MasterTask({ ...view, state: latestState });
    framework.tasks.set(task.id, task);
    agent.addTask(task);
    this.#state.events.send({ type: 'TASK_ADDED', task_added: { task: task.view } });
    // Of agents that the master before this one knew schedulers are told nothing.
    if (!isTerminal(latestState) && acquaintance !== 'recovered')
      this.#tellReturn(framework, task, acquaintance);
    return task;
  }

  #tellReturn(framework: Framework, task: MasterTask, acquaintance: 'unreachable' | 'unknown'): void {
    const last = task.view.statuses?.at(-1);
    this.#tasks.tell(framework, task.view.task_id, {
      state: task.view.state,
      // The doubled syllable is Mesos's.
      message:
        acquaintance === 'unreachable' ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered',
      reason: 'REASON_AGENT_REREGISTERED',
      agent_id: task.view.agent_id,
      ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
      ...(last?.container_status ? { container_status: last.container_status } : {}),
    });
  }
}

/** Counts anew what is free on an agent. */
function recount(agent: Agent): void {
  agent.total = Resources.of(agent.info.resources);
  let free = agent.total;
  for (const task of agent.tasks.values()) {
    task.released = isTerminal(task.view.state);
    if (!task.released) free = free.minus(task.resources);
  }
  for (const { resources } of agent.executors.values()) free = free.minus(resources);
  for (const open of agent.offers.values()) free = free.minus(open.resources);
  agent.free = free;
}
