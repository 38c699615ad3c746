import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../host/errors.ts';
import { isAlive, type ProcessIdentity } from '../../../host/processes.ts';
import type { ProcessTable } from '../processTable.ts';
import { ProcessTree } from '../processTree.ts';
import type { RunningExecutor } from './executorProcess.ts';

/** Milliseconds between two looks whether it lives: it is nobody's child that would be told. */
const lookEvery = 200;
/** How it ended is told to its parent alone. */
const unknown = -1;
const killed = 9;

export interface AdoptedProcessOptions {
  readonly sandbox: string;
  readonly mark: number | undefined;
  readonly table: ProcessTable;
  /** For the agent's log. */
  readonly onProblem: (problem: string) => void;
}

/** An executor that an earlier agent process started. */
export class AdoptedProcess implements RunningExecutor {
  readonly pid: number;
  readonly ended: Promise<number>;
  readonly #tree: ProcessTree;
  readonly #onProblem: (problem: string) => void;
  #isDestroyed = false;

  constructor(leader: ProcessIdentity, { sandbox, mark, table, onProblem }: AdoptedProcessOptions) {
    this.pid = leader.pid;
    this.#onProblem = onProblem;
    this.#tree = new ProcessTree(table, leader.pid, { sandbox, mark });
    this.ended = this.#watch(leader);
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    try {
      await this.#tree.destroy();
    } catch (error) {
      this.#onProblem(messageOf(error));
    }
  }

  async #watch(leader: ProcessIdentity): Promise<number> {
    while (await isAlive(leader).catch(() => false)) await delay(lookEvery);
    const status = this.#isDestroyed ? killed : unknown;
    await this.destroy();
    return status;
  }
}
