import { messageOf } from '../../host/errors.ts';
import type { Clock, Timer } from '../clock.ts';
import type { RunningContainer } from './container.ts';
import type { Exit } from './exitText.ts';
import type { Leader } from './leader.ts';
import type { ProcessTable } from './processTable.ts';
import { ProcessTree } from './processTree.ts';

export interface CommandProcessOptions {
  readonly leader: Leader;
  readonly sandbox: string;
  /** A group, by which its processes are known. */
  readonly mark: number | undefined;
  readonly table: ProcessTable;
  readonly clock: Clock;
  /** Called when the command itself has ended; what it left behind may go on until its grace is over. */
  readonly onExit?: () => void;
  /** Called when a kill begins. */
  readonly onKill?: () => void;
  /** Called once, when the command and all that it started have ended. */
  readonly onEnd: (exit: Exit) => void;
  /** For the agent's log. */
  readonly onProblem: (problem: string) => void;
}

/** A task's command as processes of this machine. */
export class CommandProcess implements RunningContainer {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when all has ended. */
  readonly ended: Promise<void>;
  readonly #options: CommandProcessOptions;
  readonly #tree: ProcessTree;
  #deadline: number | undefined;
  #escalation: Timer | undefined;
  #isOver = false;
  #resolve: () => void = () => undefined;

  constructor(options: CommandProcessOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    const { leader, table, sandbox, mark } = options;
    this.pid = leader.pid;
    this.#tree = new ProcessTree(table, leader.pid, { sandbox, mark });
    this.#guard(
      leader.exited.then((exit) => {
        options.onExit?.();
        return this.#cleanUp(exit);
      }),
    );
  }

  get isBeingKilled(): boolean {
    return this.#deadline !== undefined;
  }

  /** SIGTERM to all its processes, SIGKILL to those left after the grace (milliseconds). A second kill can only shorten it. */
  kill(grace: number): void {
    if (this.#isOver) return;
    const deadline = this.#options.clock.now() + grace;
    const isFirst = this.#deadline === undefined;
    if (this.#deadline !== undefined && this.#deadline <= deadline) return;
    this.#deadline = deadline;
    this.#escalation?.cancel();
    this.#escalation = this.#options.clock.after(grace, () => this.#guard(this.#tree.destroy()));
    if (!isFirst) return;
    this.#options.onKill?.();
    this.#guard(this.#terminate());
  }

  async #terminate(): Promise<void> {
    await this.#tree.signal('SIGTERM');
    // One that is stopped gets to its SIGTERM only when it goes on.
    await this.#tree.signal('SIGCONT');
  }

  /** The first process has ended. What it leaves behind goes too: at once, or, in a kill, when its grace is over. */
  async #cleanUp(exit: Exit): Promise<void> {
    try {
      if (this.#deadline !== undefined)
        await this.#tree.ended(() => this.#options.clock.now() >= (this.#deadline ?? 0));
      const stuck = await this.#tree.destroy();
      if (stuck.length > 0)
        this.#options.onProblem(`processes that don't end: ${stuck.map(({ pid }) => pid).join(' ')}`);
    } finally {
      this.#end(exit);
    }
  }

  #guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#options.onProblem(messageOf(error)));
  }

  #end(exit: Exit): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#escalation?.cancel();
    this.#options.onEnd(exit);
    this.#resolve();
  }
}
