import type { EventStream } from '../../http/eventStream.ts';
import type { SessionCommand, WindowSize } from './sessionCommand.ts';

/** A command in the sandbox of a task, with somebody at its input and outputs: a nested container session. */
export class Session {
  /** Resolves with the command's wait status, as waitpid gives it, when all that it started has ended. */
  readonly ended: Promise<number>;
  readonly #command: SessionCommand;
  readonly #hasTerminal: boolean;

  constructor(command: SessionCommand, hasTerminal: boolean) {
    this.#command = command;
    this.#hasTerminal = hasTerminal;
    this.ended = command.ended;
  }

  /** Sends what it writes as records, until all has ended. A reader that is gone ends it. */
  async sendTo(stream: EventStream): Promise<void> {
    stream.onClosed(() => this.kill());
    // It may have left while its command was started.
    if (stream.isClosed) this.kill();
    await this.#command.copyTo((type, data) =>
      stream.sendPaced({ type: 'DATA', data: { type, data: data.toString('base64') } }),
    );
    await this.ended;
    stream.end();
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

  kill(): void {
    this.#command.kill();
  }
}
