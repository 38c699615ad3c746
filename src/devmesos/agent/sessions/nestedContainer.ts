import type { ContainerId } from '../../../mesos/types.ts';
import type { EventStream } from '../../http/eventStream.ts';
import type { OutputSink, SessionCommand, WindowSize } from './sessionCommand.ts';

export interface NestedContainerOptions {
  readonly id: ContainerId;
  readonly command: SessionCommand;
  readonly hasTerminal: boolean;
  /** Whether somebody can be at its input and outputs: a session, or one with a terminal. */
  readonly isAttachable: boolean;
  /** Takes what it writes, beside those who are attached. */
  readonly sink?: OutputSink;
}

/** A command in the sandbox of a task or executor, beside what runs there. */
export class NestedContainer {
  readonly id: ContainerId;
  readonly isAttachable: boolean;
  /** Resolves with the command's wait status, as waitpid gives it, when all that it started has ended. */
  readonly ended: Promise<number>;
  /** Whether somebody is at its input. */
  hasInput = false;
  readonly #command: SessionCommand;
  readonly #hasTerminal: boolean;
  readonly #sink: OutputSink | undefined;
  readonly #attached = new Set<EventStream>();

  constructor({ id, command, hasTerminal, isAttachable, sink }: NestedContainerOptions) {
    this.id = id;
    this.isAttachable = isAttachable;
    this.ended = command.ended;
    this.#command = command;
    this.#hasTerminal = hasTerminal;
    this.#sink = sink;
  }

  get pid(): number | undefined {
    return this.#command.pid;
  }

  /** Hands on what it writes, until all has ended: to who is attached by then, and who comes later. */
  async run(): Promise<void> {
    await this.#command.copyTo(async (type, data) => {
      const record = { type: 'DATA', data: { type, data: data.toString('base64') } };
      // The next piece is read when all have taken this one: a command whose readers are slow waits.
      await Promise.all([
        this.#sink?.(type, data),
        ...[...this.#attached].map((stream) => stream.sendPaced(record)),
      ]);
    });
    await this.ended;
    for (const stream of this.#attached) stream.end();
  }

  /** Sends what it writes from now on as records. */
  attach(stream: EventStream): void {
    this.#attached.add(stream);
    stream.onClosed(() => this.#attached.delete(stream));
  }

  /** The same for the one who launched a session, which ends with that reader. */
  attachOwner(stream: EventStream): void {
    this.attach(stream);
    stream.onClosed(() => this.kill());
    // It may have left while its command was started.
    if (stream.isClosed) this.kill();
  }

  /** Resolves when more can be written. No bytes: the end of the input. */
  async write(data: Buffer): Promise<void> {
    if (data.length > 0) await this.#command.write(data);
    // A terminal's input has no end, but a character that says it.
    else if (this.#hasTerminal) await this.#command.write(Buffer.from('\x04'));
    else this.#command.endInput();
  }

  resize(size: WindowSize): void {
    this.#command.resize(size);
  }

  /** Sends a signal to its first process. */
  signal(number: number): void {
    this.#command.signal(number);
  }

  kill(): void {
    this.#command.kill();
  }
}
