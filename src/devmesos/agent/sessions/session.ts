import { once } from 'node:events';
import os from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ChildProcess } from 'node:child_process';
import { messageOf } from '../../../host/errors.ts';
import type { EventStream } from '../../http/eventStream.ts';
import type { Log } from '../../log.ts';
import type { ProcessTable } from '../processTable.ts';
import { ProcessTree } from '../processTree.ts';
import { startSession, type SessionStart, type WindowSize } from './sessionProcess.ts';

export interface SessionOptions extends SessionStart {
  /** By which its processes are known: what their environment has as DEVMESOS_SESSION. */
  readonly key: string;
  /** The same as one of its groups, where its environment may not be seen. */
  readonly mark: number | undefined;
  readonly table: ProcessTable;
  readonly log: Log;
}

/** A command in the sandbox of a task, with somebody at its input and outputs: a nested container session. */
export class Session {
  /** Resolves with the command's wait status, as waitpid gives it, when all that it started has ended. */
  readonly ended: Promise<number>;
  readonly #options: SessionOptions;
  readonly #child: ChildProcess;
  readonly #tree: ProcessTree;

  constructor(options: SessionOptions) {
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

  /** Sends what it writes as records, until all has ended. A reader that is gone ends it. */
  async sendTo(stream: EventStream): Promise<void> {
    stream.onClosed(() => this.kill());
    // It may have left while its command was started.
    if (stream.isClosed) this.kill();
    await Promise.all([
      this.#copy(this.#child.stdout, 'STDOUT', stream),
      this.#copy(this.#child.stderr, 'STDERR', stream),
    ]);
    await this.ended;
    stream.end();
  }

  /** Resolves when more can be written. No bytes: the end of the input. */
  async write(data: Buffer): Promise<void> {
    const { stdin } = this.#child;
    if (!stdin || stdin.destroyed || stdin.writableEnded) return;
    if (data.length === 0) {
      // A terminal's input has no end, but a character that says it.
      if (this.#options.terminal) stdin.write('\x04');
      else stdin.end();
      return;
    }
    if (stdin.write(data)) return;
    await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
  }

  /** Without a terminal it means nothing. */
  resize({ rows, columns }: WindowSize): void {
    const control = this.#control;
    if (control && !control.destroyed) control.write(`${rows} ${columns}\n`);
  }

  /** Ends the command and all that it started. */
  kill(): void {
    this.#tree.destroy().catch((error: unknown) => this.#options.log(`a session: ${messageOf(error)}`));
  }

  /** Where a terminal's sizes are written to. */
  get #control(): Writable | undefined {
    return (this.#child.stdio[3] as Writable | null | undefined) ?? undefined;
  }

  async #copy(from: Readable | null, type: 'STDOUT' | 'STDERR', stream: EventStream): Promise<void> {
    if (!from) return;
    try {
      // The next piece is read when this one is taken: a command that nobody listens to waits.
      for await (const piece of from as AsyncIterable<Buffer>) {
        await stream.sendPaced({ type: 'DATA', data: { type, data: piece.toString('base64') } });
      }
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
