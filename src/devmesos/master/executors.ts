import type { ToMaster } from '../link/messages.ts';
import { taskKey, type Agent } from './agent.ts';
import { Executor, type RegisteredExecutorInfo } from './executor.ts';
import type { Framework } from './framework.ts';
import type { Offers } from './offers.ts';
import type { MasterState } from './state.ts';

/** The life of custom executors: what they hold, what they say, their end. */
export class Executors {
  readonly #state: MasterState;
  readonly #offers: Offers;

  constructor(state: MasterState, offers: Offers) {
    this.#state = state;
    this.#offers = offers;
  }

  /** From now on it holds its resources; who adds it has taken them from what is free. */
  add(framework: Framework, agent: Agent, info: RegisteredExecutorInfo): Executor {
    const executor = new Executor(info, agent.id);
    agent.executors.set(taskKey(framework.id, executor.id), executor);
    framework.executors.add(executor);
    return executor;
  }

  /** An executor's end: its resources are free again, and its scheduler is told. */
  ended(agent: Agent, { frameworkId, executorId, status }: ToMaster & { type: 'executor-ended' }): void {
    const executor = agent.executorOf(frameworkId.value, executorId.value);
    if (!executor) return;
    this.remove(executor);
    this.#state.frameworks.get(frameworkId.value)?.send({
      type: 'FAILURE',
      failure: { agent_id: agent.info.id, executor_id: executorId, status },
    });
  }

  /** From an executor to its scheduler; lost where that is not there. */
  message(agent: Agent, { frameworkId, executorId, data }: ToMaster & { type: 'message' }): void {
    this.#state.frameworks.get(frameworkId.value)?.send({
      type: 'MESSAGE',
      message: { agent_id: agent.info.id, executor_id: executorId, data },
    });
  }

  /** Forgets an executor, and gives back what it held. */
  remove(executor: Executor): void {
    this.#state.frameworks.get(executor.frameworkId)?.executors.delete(executor);
    const agent = this.#state.agents.get(executor.agentId);
    const key = taskKey(executor.frameworkId, executor.id);
    if (agent?.executors.get(key) !== executor) return;
    agent.executors.delete(key);
    agent.free = agent.free.plus(executor.resources);
    this.#offers.allocator.soon([agent.id]);
  }
}
