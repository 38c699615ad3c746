import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CommandInfo } from '../../mesos/types.ts';
import { codeOf, messageOf } from '../../host/errors.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Exit } from './exitText.ts';
import type { ProcessTable } from './processTable.ts';
import { ProcessTree } from './processTree.ts';

export interface CommandProcessOptions {
  readonly command: CommandInfo;
  readonly sandbox: string;
  readonly env: Readonly<Record<string, string>>;
  readonly table: ProcessTable;
  readonly clock: Clock;
  /** Called once, when the command and all that it started have ended. */
  readonly onEnd: (exit: Exit) => void;
  /** For the agent's log. */
  readonly onProblem: (problem: string) => void;
}

/** A task's command as processes, in a session of their own, writing to `stdout` and `stderr` in the sandbox. */
export class CommandProcess {
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
    const child = start(options);
    this.pid = child.pid;
    this.#tree = new ProcessTree(options.table, child.pid, options.sandbox);
    child.once('error', (error) => {
      // It never ran. Mesos's command executor says so in the task's stderr and exits with 1.
      if (child.pid !== undefined) return;
      fs.appendFileSync(
        path.join(options.sandbox, 'stderr'),
        `Failed to execute command: ${reasonOf(error)}\n`,
      );
      this.#end({ code: 1, signal: null });
    });
    child.once('exit', (code, signal) => this.#guard(this.#cleanUp({ code, signal })));
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
    if (isFirst) this.#guard(this.#terminate());
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

function start({ command, sandbox, env }: CommandProcessOptions): ChildProcess {
  const stdout = fs.openSync(path.join(sandbox, 'stdout'), 'a', 0o644);
  const stderr = fs.openSync(path.join(sandbox, 'stderr'), 'a', 0o644);
  const options = {
    cwd: sandbox,
    env,
    detached: true,
    stdio: ['ignore', stdout, stderr] as ['ignore', number, number],
  };
  const { shell = true, value = '', arguments: argv = [] } = command;
  try {
    if (shell) return spawn('/bin/sh', ['-c', value], { ...options, argv0: 'sh' });
    const [argv0 = value, ...args] = argv;
    return spawn(value, args, { ...options, argv0 });
  } finally {
    fs.closeSync(stdout);
    fs.closeSync(stderr);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  ENOEXEC: 'Exec format error',
  E2BIG: 'Argument list too long',
};

function reasonOf(error: unknown): string {
  return reasons[codeOf(error) ?? ''] ?? messageOf(error);
}
