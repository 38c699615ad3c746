import { messageOf } from '../../../host/errors.ts';
import { identify } from '../../../host/processes.ts';
import type { Reporter } from '../reporter.ts';
import type { AgentState } from '../state.ts';
import type { Executor } from './executor.ts';
import type { ExecutorRecord } from './executorLedger.ts';

/** Writes executors down, for the agent that comes after this one. What can't be written is told to the log. */
export class ExecutorKeeper {
  readonly #state: AgentState;
  readonly #reporter: Reporter;

  constructor(state: AgentState, reporter: Reporter) {
    this.#state = state;
    this.#reporter = reporter;
  }

  /** Notes which process an executor is: whatever its framework wants, our successor must find it. */
  async identify(executor: Executor): Promise<void> {
    const pid = executor.process?.pid;
    const leader = pid === undefined ? undefined : await identify(pid).catch(() => undefined);
    if (!leader || executor.phase === 'terminated') return;
    executor.leader = leader;
    await this.#write(executor);
  }

  /** Resolves when an executor is written as it is now, where its framework wants it to survive the agent. */
  async keep(executor: Executor): Promise<void> {
    const isKnown = this.#state.executors.get(executor.key) === executor;
    if (isKnown && executor.framework.checkpoint) await this.#write(executor);
  }

  async forget({ containerId, id }: Executor): Promise<void> {
    try {
      await this.#state.executorLedger.remove(containerId);
    } catch (error) {
      this.#state.log(`the record of executor ${id.value} stays: ${messageOf(error)}`);
    }
  }

  async #write(executor: Executor): Promise<void> {
    try {
      await this.#state.executorLedger.put(executor.containerId, () => this.#recordOf(executor));
    } catch (error) {
      this.#state.log(`executor ${executor.id.value} is not kept: ${messageOf(error)}`);
    }
  }

  #recordOf({ framework, info, containerId, token, sandbox, leader, mark, tasks }: Executor): ExecutorRecord {
    return {
      ...{ framework, info, containerId, token, sandbox },
      ...(leader ? { leader } : {}),
      ...(mark === undefined ? {} : { mark }),
      tasks: [...tasks.values()].map((task) => ({
        view: task.view,
        pending: this.#reporter.pendingOf(task),
      })),
    };
  }
}
