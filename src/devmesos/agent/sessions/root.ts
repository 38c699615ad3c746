import type { CommandInfo, FrameworkInfo, Id } from '../../../mesos/types.ts';
import { isTerminal } from '../../taskView.ts';
import type { RunningContainer } from '../container.ts';
import type { AgentState } from '../state.ts';

/** A container that others can be nested in: of a command task, or of a custom executor. */
export interface Root {
  readonly containerId: string;
  readonly framework: FrameworkInfo & { readonly id: Id };
  readonly executorId: Id;
  /** What runs in it. */
  readonly command: CommandInfo;
  readonly sandbox: string;
  /** By which its processes are known, where they need one. */
  readonly mark: number | undefined;
  /** Sends a signal to its first process. */
  signal(number: number): void;
  /** Resolves with its wait status when all in it has ended. */
  ended(): Promise<number>;
  /** Aborted when its first process has ended. */
  readonly ending: AbortSignal;
  readonly openSession: RunningContainer['openSession'];
  readonly isDocker: boolean;
}

/** Undefined where none lives by that id. */
export function findRoot(state: AgentState, containerId: string): Root | undefined {
  return taskIn(state, containerId) ?? executorIn(state, containerId);
}

function taskIn({ tasks }: AgentState, containerId: string): Root | undefined {
  for (const task of tasks.values()) {
    const { container, framework, info, sandbox, mark } = task;
    if (task.containerId !== containerId || !container || !info || isTerminal(task.view.state)) continue;
    return {
      ...{ containerId, framework, sandbox, mark },
      executorId: task.executorId,
      command: info.command ?? {},
      signal: (number) => {
        if (container.pid === undefined) container.kill(0);
        else if (!task.ending.signal.aborted) process.kill(container.pid, number);
      },
      // Its executor, which lives in the agent, always ends well.
      ended: () => container.ended.then(() => 0),
      ending: task.ending.signal,
      openSession: container.openSession?.bind(container),
      isDocker: info.container?.type === 'DOCKER',
    };
  }
  return undefined;
}

function executorIn({ executors }: AgentState, containerId: string): Root | undefined {
  for (const executor of executors.values()) {
    const { framework, sandbox, mark, info, process: running, phase } = executor;
    if (executor.containerId !== containerId || !running || phase === 'terminated') continue;
    const ending = new AbortController();
    void running.ended.then(() => ending.abort());
    return {
      ...{ containerId, framework, sandbox, mark },
      executorId: executor.id,
      command: info.command ?? {},
      signal: (number) => {
        if (running.pid !== undefined) process.kill(running.pid, number);
      },
      ended: () => running.ended,
      ending: ending.signal,
      openSession: undefined,
      isDocker: false,
    };
  }
  return undefined;
}
