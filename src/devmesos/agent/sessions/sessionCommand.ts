export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** Takes a piece of what a command writes; resolves when there can be more. */
export type OutputSink = (type: 'STDOUT' | 'STDERR', data: Buffer) => Promise<void>;

/** The running command of a session, wherever it runs: beside a task's processes, or in its Docker container. */
export interface SessionCommand {
  /** Its first process, where that is one of this machine, and runs. */
  readonly pid: number | undefined;
  /** Resolves with its wait status, as waitpid gives it, when it and all that it started has ended. */
  readonly ended: Promise<number>;
  /** Reads what it writes, until it has ended. The next piece is read when the sink has taken this one. */
  copyTo(sink: OutputSink): Promise<void>;
  /** Resolves when more can be written. */
  write(data: Buffer): Promise<void>;
  endInput(): void;
  /** Without a terminal it means nothing. */
  resize(size: WindowSize): void;
  /** Sends a signal, by its number, to its first process. */
  signal(number: number): void;
  /** Ends it and all that it started. */
  kill(): void;
}
