import type { Id } from '../../mesos/types.ts';
import type { AgentTask } from './agentTask.ts';
import type { Executor } from './executors/executor.ts';

/** Tasks that are remembered after their end. */
const mostTasks = 1000;
/** Custom executors that are. */
const mostExecutors = 150;

/** What is over on an agent, for its state endpoints. */
export class History {
  /** Oldest first. */
  readonly tasks: AgentTask[] = [];
  readonly executors: Executor[] = [];
  readonly #closedFrameworks = new Set<string>();

  add(task: AgentTask): void {
    task.container = undefined;
    this.tasks.push(task);
    if (this.tasks.length > mostTasks) this.tasks.shift();
  }

  addExecutor(executor: Executor): void {
    executor.process = undefined;
    this.executors.push(executor);
    if (this.executors.length > mostExecutors) this.executors.shift();
  }

  /** Of a framework that is over nobody wants to hear any more. */
  closeFramework(id: Id): void {
    this.#closedFrameworks.add(id.value);
  }

  /** It has tasks here again. */
  openFramework(id: Id): void {
    this.#closedFrameworks.delete(id.value);
  }

  isClosed(id: Id): boolean {
    return this.#closedFrameworks.has(id.value);
  }
}
