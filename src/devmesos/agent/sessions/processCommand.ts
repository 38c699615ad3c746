import type { ChildProcess } from 'node:child_process';
import os from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../../host/errors.ts';
import { drained } from '../../../mesos/drained.ts';
import type { Log } from '../../log.ts';
import type { ProcessTable } from '../processTable.ts';
import { ProcessTree } from '../processTree.ts';
import type { OutputSink, SessionCommand, WindowSize } from './sessionCommand.ts';
import { startSession, type SessionStart } from './sessionProcess.ts';

export interface ProcessCommandOptions extends SessionStart {
  /** By which its processes are known: what their environment has as DEVMESOS_SESSION. */
  readonly key: string;
  /** The same as one of its groups, where its environment may not be seen. */
  readonly mark: number | undefined;
  readonly table: ProcessTable;
  readonly log: Log;
}

/** A session's command as processes of this machine. */
export class ProcessCommand implements SessionCommand {
  readonly ended: Promise<number>;
  readonly #options: ProcessCommandOptions;
  readonly #child: ChildProcess;
  readonly #tree: ProcessTree;

  constructor(options: ProcessCommandOptions) {
    this.#options = options;
    this.#child = startSession(options);
    this.#tree = new ProcessTree(options.table, this.#child.pid, {
      nested: options.key,
      mark: options.mark,
    });
    for (const stream of [this.#child.stdin, this.#control]) {
      // The command does not read it, or has ended: what was meant for it is nobody's.
      stream?.on('error', () => undefined);
    }
    this.ended = this.#end();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async copyTo(sink: OutputSink): Promise<void> {
    await Promise.all([
      this.#copy(this.#child.stdout, 'STDOUT', sink),
      this.#copy(this.#child.stderr, 'STDERR', sink),
    ]);
  }

  async write(data: Buffer): Promise<void> {
    const { stdin } = this.#child;
    if (!stdin || stdin.destroyed || stdin.writableEnded || stdin.write(data)) return;
    await drained(stdin);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  resize({ rows, columns }: WindowSize): void {
    const control = this.#control;
    if (control && !control.destroyed) control.write(`${rows} ${columns}\n`);
  }

  signal(number: number): void {
    this.#child.kill(number);
  }

  kill(): void {
    this.#tree.destroy().catch((error: unknown) => this.#options.log(`a session: ${messageOf(error)}`));
  }

  /** Where a terminal's sizes are written to. */
  get #control(): Writable | undefined {
    return (this.#child.stdio[3] as Writable | null | undefined) ?? undefined;
  }

  async #copy(from: Readable | null, type: 'STDOUT' | 'STDERR', sink: OutputSink): Promise<void> {
    if (!from) return;
    try {
      for await (const piece of from as AsyncIterable<Buffer>) await sink(type, piece);
    } catch (error) {
      this.#options.log(`a session's ${type.toLowerCase()}: ${messageOf(error)}`);
    }
  }

  async #end(): Promise<number> {
    const child = this.#child;
    const status = await new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => resolve(waitStatus(code, signal)));
      // It never ran: as a shell has it.
      child.once('error', () => {
        if (child.pid === undefined) resolve(127 << 8);
      });
    });
    // What it left behind would keep the outputs open.
    if (child.pid !== undefined) await this.#tree.destroy();
    return status;
  }
}

function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) << 8 : os.constants.signals[signal];
}
