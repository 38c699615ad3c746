import type { Id, KillPolicy, TaskState, TaskStatus } from '../../mesos/types.ts';
import type { ToMaster } from '../link/messages.ts';
import { taskKey, type Agent } from './agent.ts';
import type { Framework } from './framework.ts';
import type { Offers } from './offers.ts';
import { reconciliation } from './reconciliation.ts';
import type { MasterState } from './state.ts';
import { isTerminal } from '../taskView.ts';
import type { MasterTask } from './task.ts';

/** Parts of a status that the master makes up itself. */
export interface MasterStatus {
  readonly state: TaskState;
  readonly message: string;
  readonly reason: string;
  readonly agent_id?: Id;
  readonly healthy?: boolean;
  readonly container_status?: NonNullable<TaskStatus['container_status']>;
  readonly unreachable_time?: { nanoseconds: number };
}

/** The life of tasks: updates and acknowledgements between agents and schedulers, kills, reconciliation. */
export class Tasks {
  readonly #state: MasterState;
  readonly #offers: Offers;

  constructor(state: MasterState, offers: Offers) {
    this.#state = state;
    this.#offers = offers;
  }

  /** Sends a status that comes from the master: no uuid, so that nobody acknowledges it. */
  tell(framework: Framework, taskId: Id, parts: MasterStatus): void {
    framework.send({ type: 'UPDATE', update: { status: this.statusOf(taskId, parts) } });
  }

  statusOf(taskId: Id, { state, message, reason, ...rest }: MasterStatus): TaskStatus {
    const timestamp = this.#state.clock.now() / 1000;
    const { agent_id, healthy, container_status, unreachable_time } = rest;
    return {
      task_id: taskId,
      state,
      message,
      source: 'SOURCE_MASTER',
      reason,
      ...(agent_id ? { agent_id } : {}),
      timestamp,
      ...(healthy === undefined ? {} : { healthy }),
      ...(container_status ? { container_status } : {}),
      ...(unreachable_time ? { unreachable_time } : {}),
    };
  }

  /** An agent's update: kept, its resources freed if it is over, and passed on. */
  update(agent: Agent, { frameworkId, status, latestState }: ToMaster & { type: 'update' }): void {
    const framework = this.#state.frameworks.get(frameworkId.value);
    const task = framework?.tasks.get(status.task_id.value);
    if (task?.agentId === agent.id) {
      const isNews = task.view.status_update_uuid !== status.uuid || task.view.state !== latestState;
      task.record(status, latestState);
      if (isNews) this.#announce(task, status, latestState);
      if (isTerminal(latestState)) this.release(agent, task);
    }
    framework?.send({ type: 'UPDATE', update: { status } });
  }

  /** A newer state that the scheduler isn't told yet: nobody else is, either, but what an ended task held is free. */
  newState(agent: Agent, { frameworkId, taskId, latestState }: ToMaster & { type: 'state' }): void {
    const task = agent.tasks.get(taskKey(frameworkId.value, taskId.value));
    if (!task) return;
    if (isTerminal(latestState)) this.release(agent, task);
  }

  /** A scheduler's acknowledgement: passed on; that of a terminal update ends the task for the master. */
  acknowledge(framework: Framework, agentId: string, taskId: Id, uuid: string): void {
    const agent = this.#state.agents.get(agentId);
    if (!agent?.isConnected) return;
    const task = agent.taskOf(framework, taskId.value);
    if (task?.view.status_update_uuid === uuid && isTerminal(task.reportedState)) {
      agent.removeTask(task);
      framework.complete(task);
    }
    agent.send({ type: 'acknowledge', frameworkId: framework.info.id, taskId, uuid });
  }

  /** Gives a task's resources back. */
  release(agent: Agent, task: MasterTask): void {
    if (task.released) return;
    task.released = true;
    agent.free = agent.free.plus(task.resources);
    this.#offers.allocator.soon([agent.id]);
  }

  kill(framework: Framework, taskId: Id, agentId: Id | undefined, killPolicy: KillPolicy | undefined): void {
    const task = framework.tasks.get(taskId.value);
    if (!task) {
      this.reconcile(framework, [{ task_id: taskId, ...(agentId ? { agent_id: agentId } : {}) }]);
      return;
    }
    if (agentId && agentId.value !== task.agentId) {
      this.#state.log(`ignored a kill of task ${taskId.value}: it isn't on agent ${agentId.value}`);
      return;
    }
    const agent = this.#state.agents.get(task.agentId);
    const message = {
      type: 'kill',
      frameworkId: framework.info.id,
      taskId,
      ...(killPolicy ? { killPolicy } : {}),
    } as const;
    if (agent?.isConnected) agent.send(message);
    else agent?.killsPending.set(taskKey(framework.id, taskId.value), message);
  }

  reconcile(framework: Framework, asked: readonly { task_id: Id; agent_id?: Id }[]): void {
    for (const { taskId, status } of reconciliation(this.#state, framework, asked)) {
      this.tell(framework, taskId, status);
    }
  }

  /** Ends a task from the master's side, with a status that the scheduler is told. */
  end(framework: Framework, agent: Agent | undefined, task: MasterTask, parts: MasterStatus): void {
    const status = this.statusOf(task.view.task_id, parts);
    task.record(status, parts.state);
    this.#announce(task, status, parts.state);
    if (agent) {
      this.release(agent, task);
      agent.removeTask(task);
    }
    framework.send({ type: 'UPDATE', update: { status } });
  }

  #announce(task: MasterTask, status: TaskStatus, state: TaskState): void {
    this.#state.events.send({
      type: 'TASK_UPDATED',
      task_updated: { framework_id: task.view.framework_id, status, state },
    });
  }
}
