import type { ExecutorInfo, FrameworkInfo, Id, KillPolicy } from '../../mesos/types.ts';
import type { RunningTask, ToAgent } from '../link/messages.ts';
import { taskKey, type AgentTask } from './agentTask.ts';
import type { Containerizer } from './containerizer.ts';
import { recoverExecutors } from './executors/recovery.ts';
import { Executors } from './executors/executors.ts';
import { Launcher } from './launcher.ts';
import { recoverTasks } from './recovery.ts';
import { Reporter } from './reporter.ts';
import type { AgentState } from './state.ts';

/** What an agent does with the master's messages. */
export class Agent {
  readonly state: AgentState;
  readonly #reporter: Reporter;
  readonly #launcher: Launcher;
  readonly executors: Executors;
  readonly #containerizers: readonly Containerizer[];
  #finishRecovery: () => Promise<void> = () => Promise.resolve();

  constructor(state: AgentState, containerizers: readonly Containerizer[]) {
    this.state = state;
    this.#reporter = new Reporter(state);
    this.#launcher = new Launcher(state, this.#reporter, containerizers);
    this.executors = new Executors(state, this.#reporter);
    this.#containerizers = containerizers;
  }

  /** Goes on with what an earlier agent process of this work folder left, as far as that can be. */
  async recover(): Promise<void> {
    const { state } = this;
    state.id = await state.ledger.agentId();
    await state.fetcher.recover();
    this.#finishRecovery = await recoverExecutors(state, this.executors);
    for (const containerizer of this.#containerizers) await containerizer.recover();
    await recoverTasks(state, this.#reporter, this.#launcher);
  }

  /** Gives custom executors a while to come back. Resolves when the agent may come back to its master. */
  async finishRecovery(): Promise<void> {
    await this.#finishRecovery();
    this.state.isRecovering = false;
  }

  /** What the master is told when the agent comes (back). */
  report(): { tasks: RunningTask[]; executors: ExecutorInfo[]; frameworks: FrameworkInfo[] } {
    const tasks = [...this.state.tasks.values()];
    const executors = this.executors.living;
    const frameworks = new Map(
      [...tasks, ...executors].map(({ framework }) => [framework.id.value, framework]),
    );
    return {
      tasks: tasks.map(({ view }) => ({ task: view, latestState: view.state })),
      executors: executors.map(({ info }) => info),
      frameworks: [...frameworks.values()],
    };
  }

  /** The master knows the agent (again). */
  registered(): void {
    this.executors.registered();
    this.#reporter.resend();
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'run':
        if (message.task.executor) this.executors.run(message);
        else if (message.framework.id)
          void this.#launcher.run({ ...message.framework, id: message.framework.id }, message.task);
        return;
      case 'run-group':
        this.executors.runGroup(message);
        return;
      case 'kill':
        this.#kill(this.#find(message.frameworkId, message.taskId), message.killPolicy);
        return;
      case 'message': {
        const executor = this.executors.find(message.frameworkId, message.executorId);
        if (executor) this.executors.message(executor, message.data);
        return;
      }
      case 'shutdown-executor': {
        const executor = this.executors.find(message.frameworkId, message.executorId);
        if (executor) this.executors.shutdown(executor);
        // A command task's executor has the task's id.
        else this.#kill(this.#find(message.frameworkId, message.executorId));
        return;
      }
      case 'shutdown-framework':
        this.#shutDown(message.frameworkId);
        return;
      case 'acknowledge':
        this.#reporter.acknowledge(message.frameworkId, message.taskId, message.uuid);
        return;
      case 'framework':
        this.#frameworkIsBack(message.framework);
        return;
      case 'reconcile':
        for (const { framework, taskId } of message.tasks) this.#reporter.reportUnknown(framework, taskId);
        return;
      case 'ping':
        this.state.send({ type: 'pong' });
        return;
      case 'registered':
      case 'shutdown':
        // The link's own affair.
        return;
    }
  }

  /** Ends all tasks. Resolves when they are gone and the master was told. */
  async stop(): Promise<void> {
    await Promise.all([this.#launcher.stopAll(), this.executors.stop()]);
    this.#reporter.stop();
    await Promise.all([this.state.ledger.settled(), this.state.executorLedger.settled()]);
  }

  #kill(task: AgentTask | undefined, killPolicy?: KillPolicy): void {
    const executor = task?.executor && this.executors.find(task.framework.id, task.executorId);
    if (task && executor) this.executors.kill(executor, task, killPolicy);
    else this.#launcher.kill(task, killPolicy);
  }

  #find(frameworkId: Id, taskId: Id): AgentTask | undefined {
    return this.state.tasks.get(taskKey(frameworkId, taskId));
  }

  /** The framework is over: its tasks end, and nobody is told. */
  #shutDown(frameworkId: Id): void {
    for (const task of this.state.tasks.values()) {
      if (task.framework.id.value === frameworkId.value && !task.executor) this.#launcher.kill(task);
    }
    this.executors.shutdownAllOf(frameworkId);
    this.#reporter.close(frameworkId);
  }

  #frameworkIsBack(info: FrameworkInfo): void {
    const { id } = info;
    if (!id) return;
    for (const task of this.state.tasks.values()) {
      if (task.framework.id.value === id.value) task.framework = { ...info, id };
    }
    for (const executor of this.state.executors.values()) {
      if (executor.framework.id.value === id.value) executor.framework = { ...info, id };
    }
    this.#reporter.resend(id);
  }
}
