import { randomUUID } from 'node:crypto';
import type { CheckStatusInfo, FrameworkInfo, Id, TaskState, TaskStatus } from '../../mesos/types.ts';
import { messageOf } from '../../host/errors.ts';
import { isTerminal, keepStatus, noteSent } from '../taskView.ts';
import { frameworkCan, taskKey, type AgentTask } from './agentTask.ts';
import { uncheckedStatus } from './checks/probe.ts';
import type { AgentState } from './state.ts';
import { StatusUpdates } from './statusUpdates.ts';

/** Parts of a status that differ from one to the next. */
export interface StatusParts {
  readonly state: TaskState;
  readonly message?: string;
  /** `REASON_…`: where it has one, the agent, not the command, is the source, unless `source` says otherwise. */
  readonly reason?: string;
  readonly source?: 'SOURCE_EXECUTOR';
  readonly healthy?: boolean;
  readonly check_status?: CheckStatusInfo;
  /** base64 */
  readonly data?: string;
}

/** Reports what becomes of tasks, until it is acknowledged. */
export class Reporter {
  readonly #state: AgentState;
  readonly #updates: StatusUpdates;

  constructor(state: AgentState) {
    this.#state = state;
    this.#updates = new StatusUpdates({
      clock: state.clock,
      retry: state.options.updateRetry,
      longestRetry: state.options.longestUpdateRetry,
      send: (frameworkId, status) => this.#send(frameworkId, status),
      onDone: (frameworkId, taskId) => this.#done(frameworkId, taskId),
    });
  }

  report(task: AgentTask, parts: StatusParts): void {
    const { id, framework } = task;
    const fromCommand = parts.source !== undefined || parts.reason === undefined;
    const checked = parts.check_status ?? (fromCommand ? uncheckedStatus(task.info?.check) : undefined);
    const status: TaskStatus = {
      task_id: id,
      state: parts.state,
      ...(parts.message === undefined ? {} : { message: parts.message }),
      source: fromCommand ? 'SOURCE_EXECUTOR' : 'SOURCE_AGENT',
      ...(parts.reason === undefined ? {} : { reason: parts.reason }),
      ...(parts.data === undefined ? {} : { data: parts.data }),
      ...this.#stamp(),
      ...(parts.healthy === undefined ? {} : { healthy: parts.healthy }),
      ...(checked ? { check_status: checked } : {}),
      executor_id: task.executorId,
      ...(fromCommand ? { container_status: task.containerStatus(this.#state.address.ip) } : {}),
    };
    task.view.state = parts.state;
    if (!this.#state.history.isClosed(framework.id)) {
      this.deliver(task, status);
      this.keep(task);
    } else if (isTerminal(parts.state)) {
      this.#done(framework.id, id);
    }
  }

  /** Writes down how it stands with a task where another agent process could need it. */
  keep(task: AgentTask): void {
    const { leader, executor, id, view } = task;
    if (executor || !(isTerminal(view.state) || leader)) return;
    this.#state.ledger
      .put(task.toRecord(this.pendingOf(task)))
      .catch((error: unknown) =>
        this.#state.log(`the state of task ${id.value} is not kept: ${messageOf(error)}`),
      );
  }

  /** Brings a status that was made before to the scheduler. */
  deliver(task: AgentTask, status: TaskStatus): void {
    const frameworkId = task.framework.id;
    keepStatus(task.view, status);
    if (this.#updates.add(frameworkId, status)) return;
    this.#state.send({ type: 'state', frameworkId, taskId: task.id, latestState: status.state });
  }

  /** A task that the master believes to be here, and isn't. */
  reportUnknown(framework: FrameworkInfo, taskId: Id): void {
    if (!framework.id || this.#state.tasks.has(taskKey(framework.id, taskId))) return;
    this.tell(framework, taskId, {
      state: frameworkCan(framework, 'PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
      message: 'Reconciliation: task unknown to the agent',
      reason: 'REASON_RECONCILIATION',
    });
  }

  /** Tells of a task that this agent does not have. */
  tell(framework: FrameworkInfo, taskId: Id, parts: StatusParts & Pick<TaskStatus, 'executor_id'>): void {
    if (!framework.id) return;
    this.#updates.add(framework.id, { task_id: taskId, source: 'SOURCE_AGENT', ...parts, ...this.#stamp() });
  }

  /** What is not acknowledged of a task, in order. */
  pendingOf(task: AgentTask): readonly TaskStatus[] {
    return this.#updates.pendingOf(task.framework.id, task.id);
  }

  /** Brings what an earlier agent process left unacknowledged. */
  restore(task: AgentTask, pending: readonly TaskStatus[]): void {
    for (const status of pending) this.#updates.add(task.framework.id, status);
  }

  /** Brings an executor's status of a task that it does not have to the scheduler. */
  deliverStray(frameworkId: Id, status: TaskStatus): void {
    this.#updates.add(frameworkId, status);
  }

  acknowledge(frameworkId: Id, taskId: Id, uuid: string): void {
    const task = this.#state.tasks.get(taskKey(frameworkId, taskId));
    this.#updates.acknowledge(frameworkId, taskId, uuid);
    task?.executor?.acknowledged(task);
    // What is acknowledged in between may be told once more.
    if (task && this.#state.tasks.has(task.key) && this.pendingOf(task).length === 0) this.keep(task);
  }

  /** Sends again at once what isn't acknowledged: a framework's, or all. */
  resend(frameworkId?: Id): void {
    this.#updates.resend(frameworkId);
  }

  /** A framework is over: nobody wants to hear of its tasks. */
  close(frameworkId: Id): void {
    this.#state.history.closeFramework(frameworkId);
    this.#updates.forget(frameworkId);
    for (const task of [...this.#state.tasks.values()]) {
      if (task.framework.id.value === frameworkId.value && isTerminal(task.view.state))
        this.#done(frameworkId, task.id);
    }
  }

  stop(): void {
    this.#updates.stop();
  }

  #stamp(): Pick<TaskStatus, 'agent_id' | 'timestamp' | 'uuid'> {
    return {
      ...(this.#state.id ? { agent_id: this.#state.id } : {}),
      timestamp: this.#state.clock.now() / 1000,
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
    };
  }

  #send(frameworkId: Id, status: TaskStatus): void {
    const task = this.#state.tasks.get(taskKey(frameworkId, status.task_id));
    if (task) noteSent(task.view, status);
    this.#state.send({ type: 'update', frameworkId, status, latestState: task?.view.state ?? status.state });
  }

  /** A task is over for everyone. */
  #done(frameworkId: Id, taskId: Id): void {
    const key = taskKey(frameworkId, taskId);
    const task = this.#state.tasks.get(key);
    if (!task) return;
    this.#state.tasks.delete(key);
    this.#state.history.add(task);
    if (task.executor) {
      task.executor.done(task);
      return;
    }
    this.#state.ledger
      .remove(task.containerId)
      .catch((error: unknown) =>
        this.#state.log(`the record of task ${taskId.value} stays: ${messageOf(error)}`),
      );
  }
}
