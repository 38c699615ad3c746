import os from 'node:os';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, Exec } from 'dockerode';
import { daemonMessage, statusOf } from '../../../docker/daemonError.ts';
import { frames, terminal, type Piece } from '../../../docker/logs.ts';
import { messageOf } from '../../../host/errors.ts';
import { drained } from '../../../mesos/drained.ts';
import type { Log } from '../../log.ts';
import type { OutputSink, SessionCommand, WindowSize } from '../sessions/sessionCommand.ts';
import { wordsOf } from '../spawnAs.ts';
import type { SessionRequest } from '../container.ts';
import { beginning, ending } from './execScripts.ts';
import { sandboxInside } from './volumes.ts';

/** Milliseconds between two looks whether a command whose output has ended has ended, too. */
const lookEvery = 50;
/** After so many it is ended: it has closed its outputs, which nobody could read again. */
const mostLooks = 100;
const killed = os.constants.signals.SIGKILL;
const types = { stdout: 'STDOUT', stderr: 'STDERR' } as const;

/** A session's command in a task's Docker container, by the Engine's exec: as the container's user, with its file system. */
export class ExecCommand implements SessionCommand {
  /** It is the Docker Engine's. */
  readonly pid = undefined;
  readonly ended: Promise<number>;
  readonly #container: Container;
  readonly #exec: Exec;
  readonly #connection: Duplex;
  readonly #hasTerminal: boolean;
  readonly #log: Log;
  /** In the container, once it has told it. */
  #leader: string | undefined;
  #isKilled = false;
  #isOver = false;
  #end: (status: number) => void = () => undefined;

  private constructor(container: Container, exec: Exec, connection: Duplex, hasTerminal: boolean, log: Log) {
    this.#container = container;
    this.#exec = exec;
    this.#connection = connection;
    this.#hasTerminal = hasTerminal;
    this.#log = log;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    // What breaks it ends its output.
    connection.on('error', () => undefined);
  }

  /** Rejects with dockerode's error: 404 and 409 where the container does not run. */
  static async start(container: Container, request: SessionRequest, log: Log): Promise<ExecCommand> {
    const { terminal: size } = request;
    const Tty = size !== undefined;
    const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
    const exec = await container.exec({
      ...{ ...streams, Tty, Cmd: wordsInside(request), WorkingDir: sandboxInside },
      Env: Object.entries(request.variables).map(([name, value]) => `${name}=${value}`),
    });
    const connection = await exec.start({ hijack: true, stdin: true, Tty });
    return new ExecCommand(container, exec, connection, Tty, log);
  }

  async copyTo(sink: OutputSink): Promise<void> {
    try {
      const pieces = this.#hasTerminal ? terminal(this.#connection) : frames(this.#connection);
      for await (const { stream, bytes } of this.#withoutPid(pieces)) await sink(types[stream], bytes);
    } catch (error) {
      if (!this.#isKilled) this.#log(`a session's output: ${messageOf(error)}`);
    }
    const status = await this.#status();
    this.#isOver = true;
    this.#connection.destroy();
    // What it left behind.
    this.#signalSession();
    this.#end(status);
  }

  async write(data: Buffer): Promise<void> {
    const connection = this.#connection;
    if (connection.destroyed || connection.writableEnded || connection.write(data)) return;
    await drained(connection);
  }

  endInput(): void {
    this.#connection.end();
  }

  resize({ rows, columns }: WindowSize): void {
    if (!this.#hasTerminal || this.#isOver) return;
    this.#exec.resize({ h: rows, w: columns }).catch((error: unknown) => {
      if (!this.#isOver) this.#log(`a terminal keeps its size: ${daemonMessage(error)}`);
    });
  }

  signal(number: number): void {
    const leader = this.#leader;
    if (leader === undefined || this.#isOver) return;
    this.#runInside(['/bin/sh', '-c', 'kill "-$1" "$2"', 'sh', String(number), leader]);
  }

  kill(): void {
    if (this.#isOver) return;
    this.#isKilled = true;
    this.#signalSession();
  }

  /** Takes out the first line, with which a command begins. */
  async *#withoutPid(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece, void, undefined> {
    let begun: Buffer | undefined = Buffer.alloc(0);
    for await (const piece of pieces) {
      if (begun === undefined || piece.stream === 'stderr') {
        yield piece;
        continue;
      }
      begun = Buffer.concat([begun, piece.bytes]);
      const end = begun.indexOf('\n');
      if (end < 0) continue;
      const pid = /^(\d+)\r?$/.exec(begun.toString('utf8', 0, end))?.[1];
      this.#leader = pid;
      // A kill that came before.
      if (this.#isKilled) this.#signalSession();
      // Without one it is what Docker says in the command's place, which it could not start.
      const rest = pid === undefined ? begun : begun.subarray(end + 1);
      begun = undefined;
      if (rest.length > 0) yield { stream: 'stdout', bytes: rest };
    }
    if (begun !== undefined && begun.length > 0) yield { stream: 'stdout', bytes: begun };
  }

  /** As waitpid gives it. Of Docker a signal comes as a shell has it, 128 and its number. */
  async #status(): Promise<number> {
    for (let look = 0; look < 2 * mostLooks; look += 1) {
      try {
        const { Running: runs, ExitCode: code } = await this.#exec.inspect();
        if (!runs) return this.#isKilled || code === 128 + killed ? killed : (code ?? 0) << 8;
      } catch (error) {
        // It went with its container.
        if (statusOf(error) === 404 || statusOf(error) === 409) return killed;
        this.#log(`the end of a session: ${daemonMessage(error)}`);
      }
      if (look === mostLooks) this.kill();
      await delay(lookEvery);
    }
    return killed;
  }

  /** Ends all processes of its session. */
  #signalSession(): void {
    if (this.#leader !== undefined) this.#runInside(['/bin/sh', '-c', ending, 'sh', this.#leader]);
  }

  #runInside(command: string[]): void {
    runInside(this.#container, command).catch((error: unknown) => {
      // The container ended, and all in it.
      if (statusOf(error) === 404 || statusOf(error) === 409) return;
      this.#log(`a session got no signal: ${daemonMessage(error)}`);
    });
  }
}

function wordsInside({ command, hidden, terminal: size }: SessionRequest): string[] {
  const { program, args } = wordsOf(command);
  // Others can't be unset, nor read by a shell.
  const names = hidden.filter((name) => /^[A-Za-z_]\w*$/.test(name)).join(' ');
  const parameters = [size?.rows ?? '', size?.columns ?? '', names].map(String);
  return ['/bin/sh', '-c', beginning, 'sh', ...parameters, program, ...args];
}

async function runInside(container: Container, command: string[]): Promise<void> {
  const exec = await container.exec({ Cmd: command });
  await exec.start({ Detach: true });
}
