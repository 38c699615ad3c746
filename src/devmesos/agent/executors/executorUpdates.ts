import type { TaskStatus } from '../../../mesos/types.ts';
import { isTerminal } from '../../taskView.ts';
import type { Reporter } from '../reporter.ts';
import type { AgentState } from '../state.ts';
import type { Executor } from './executor.ts';

/** Takes what executors tell of their tasks. */
export class ExecutorUpdates {
  readonly #state: AgentState;
  readonly #reporter: Reporter;

  constructor(state: AgentState, reporter: Reporter) {
    this.#state = state;
    this.#reporter = reporter;
  }

  /**
   * Passes an update on, with what the agent knows. Returns whether the executor is to be told that the agent has it; what
   * came before, or after a task's end, the agent has, too.
   */
  take(executor: Executor, told: TaskStatus): boolean {
    const agentId = this.#state.id;
    const { framework } = executor;
    if (told.agent_id && told.agent_id.value !== agentId?.value) return false;
    if (this.#state.history.isClosed(framework.id)) return false;
    const status: TaskStatus = {
      timestamp: this.#state.clock.now() / 1000,
      ...told,
      ...(agentId ? { agent_id: agentId } : {}),
    };
    const task = executor.tasks.get(told.task_id.value);
    if (!task) {
      this.#reporter.deliverStray(framework.id, status);
      return false;
    }
    if (executor.hasSeen(status) || isTerminal(task.view.state)) return true;
    task.view.state = status.state;
    this.#reporter.deliver(task, {
      ...status,
      container_status: executor.containerStatus(status.container_status, this.#state.address.ip),
    });
    return true;
  }
}
