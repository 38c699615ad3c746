import { messageOf } from '../../../host/errors.ts';
import { startCommand, startFailure, type CommandStart } from '../commandStart.ts';
import { addToStderr } from '../outputs.ts';
import type { ProcessTable } from '../processTable.ts';
import { ProcessTree } from '../processTree.ts';
import { notStarted, waitStatus } from './waitStatus.ts';

export interface ExecutorProcessOptions extends CommandStart {
  readonly table: ProcessTable;
  /** For the agent's log. */
  readonly onProblem: (problem: string) => void;
}

/** An executor's processes. */
export interface RunningExecutor {
  /** Of the first; undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves with its wait status, -1 where that is not known, when it and all that it started have ended. */
  readonly ended: Promise<number>;
  /** SIGKILL to all its processes: who should end by itself was told over its stream. Never rejects. */
  destroy(): Promise<void>;
}

/** An executor as processes of this machine. */
export class ExecutorProcess implements RunningExecutor {
  readonly pid: number | undefined;
  readonly ended: Promise<number>;
  readonly #tree: ProcessTree;
  readonly #onProblem: (problem: string) => void;

  constructor(options: ExecutorProcessOptions) {
    const { sandbox, mark, table, onProblem } = options;
    const child = startCommand(options);
    this.pid = child.pid;
    this.#onProblem = onProblem;
    this.#tree = new ProcessTree(table, child.pid, { sandbox, mark });
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        addToStderr(sandbox, `Failed to execute command: ${startFailure(error)}`);
        resolve(notStarted);
      });
      child.once('exit', (code, signal) => {
        void this.destroy().then(() => resolve(waitStatus({ code, signal })));
      });
    });
  }

  async destroy(): Promise<void> {
    try {
      const stuck = await this.#tree.destroy();
      if (stuck.length > 0)
        this.#onProblem(`processes that don't end: ${stuck.map(({ pid }) => pid).join(' ')}`);
    } catch (error) {
      this.#onProblem(messageOf(error));
    }
  }
}
