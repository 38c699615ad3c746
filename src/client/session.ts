import type { Duplex } from 'node:stream';
import {
  mostSessionInput,
  mostSessionRecord,
  sessionEvent,
  sessionProtocol,
  type SessionEvent,
  type SessionRequest,
} from '../api/session.ts';
import { drained } from '../mesos/drained.ts';
import { encodeRecord, RecordDecoder, RecordIOError } from '../mesos/recordio.ts';
import { ServiceProblem, ServiceUnreachable, UnexpectedAnswer } from './errors.ts';
import { unreachable, upgrade, type ServiceAddress } from './transport.ts';

export interface SessionOptions {
  /** A terminal for the command. Default false: its input and outputs are pipes. */
  readonly tty?: boolean | undefined;
  /** Of the terminal; default 24 and 80. */
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  /** The program and its arguments; default: the person's shell. */
  readonly command?: readonly string[] | undefined;
  /** What opens it, for the service's log: `mesos-airflow shell`. */
  readonly client?: string | undefined;
  /** Ends the session, at any time. */
  readonly signal?: AbortSignal | undefined;
}

/** How a session's command ended. */
export interface SessionExit {
  /** As a shell says it: what it returned, or 128 and the number of the signal that ended it. */
  readonly status: number;
  /** SIGKILL, …: where a signal ended it. */
  readonly signal?: string | undefined;
  /** A sentence, where not the command ended it. */
  readonly why?: string | undefined;
}

/** Takes a piece of what the command writes, cut anywhere. Before a promise that it returns is settled no more is read. */
export type OutputHandler = (stream: 'stdout' | 'stderr', data: Buffer) => void | Promise<void>;

/** The person closed the session before its command ended. */
export class SessionClosed extends Error {
  constructor() {
    super('the session was closed');
    this.name = 'SessionClosed';
  }
}

const request = 'POST /v1/tasks/{id}/session';

/**
 * Starts a command in the sandbox of a running task. Throws `ServiceProblem` where that is refused (409: the task does not
 * run; 404: there is none), `ServiceUnreachable`, or the signal's reason.
 */
export async function openSession(
  address: ServiceAddress,
  token: string,
  id: string,
  options: SessionOptions = {},
): Promise<Session> {
  const { client, command, columns, rows, signal, tty = false } = options;
  const query = new URLSearchParams({ tty: String(tty) });
  if (rows !== undefined) query.set('rows', String(rows));
  if (columns !== undefined) query.set('columns', String(columns));
  if (command) query.set('command', JSON.stringify(command));
  const connection = await upgrade(address, {
    method: 'POST',
    path: `/v1/tasks/${encodeURIComponent(id)}/session?${query.toString()}`,
    token,
    protocol: sessionProtocol,
    headers: client === undefined ? {} : { 'User-Agent': client },
    signal,
  });
  return new Session(address, connection, signal);
}

/** A command that runs in a task's sandbox. It ends with this connection, and with its task. */
export class Session {
  /**
   * Resolves when the command has ended and all that it wrote was handled. Rejects where that is not known: `SessionClosed`,
   * the signal's reason, `ServiceUnreachable`, `ServiceProblem`, or what the handler of the output threw.
   */
  readonly exit: Promise<SessionExit>;
  readonly #connection: Duplex;
  readonly #address: ServiceAddress;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.close();
  #handle: (handler: OutputHandler) => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(address: ServiceAddress, connection: Duplex, signal: AbortSignal | undefined) {
    this.#address = address;
    this.#connection = connection;
    this.#signal = signal;
    const handler = new Promise<OutputHandler>((resolve) => (this.#handle = resolve));
    // What breaks it shows where it is read.
    connection.on('error', () => undefined);
    this.exit = this.#run(handler);
    // Who does not look at the end is not told of it.
    this.exit.catch(() => undefined);
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.close();
  }

  /** Who gets what the command writes. Until there is somebody nothing is read; the first stays. */
  onOutput(handler: OutputHandler): void {
    this.#handle(handler);
  }

  /** Writes to the command's input. Resolves when more can be written; what comes after the end is lost. */
  write(data: Uint8Array | string): Promise<void> {
    const bytes = Buffer.from(data);
    for (let from = 0; from < bytes.length; from += mostSessionInput) {
      const piece = bytes.subarray(from, from + mostSessionInput);
      this.#send({ type: 'input', data: piece.toString('base64') });
    }
    return this.#writing;
  }

  /** No more will be written: the command reads the end of its input. At a terminal: Ctrl-D. */
  endInput(): void {
    this.#send({ type: 'end-of-input' });
  }

  /** The terminal's size from now on. */
  resize(rows: number, columns: number): void {
    this.#send({ type: 'resize', rows, columns });
  }

  /** Ends the command, and all that it started. */
  close(): void {
    this.#isClosed = true;
    this.#connection.destroy();
    // Without a handler nobody reads, and nobody would see the end.
    this.#handle(() => undefined);
  }

  #send(message: SessionRequest): void {
    const connection = this.#connection;
    if (connection.destroyed || connection.writableEnded) return;
    if (connection.write(encodeRecord(JSON.stringify(message)))) return;
    this.#writing = drained(connection);
  }

  async #run(handler: Promise<OutputHandler>): Promise<SessionExit> {
    try {
      return await this.#read(await handler);
    } finally {
      this.#signal?.removeEventListener('abort', this.#abort);
      this.#connection.destroy();
    }
  }

  async #read(handle: OutputHandler): Promise<SessionExit> {
    let come: SessionEvent[] = [];
    const decoder = new RecordDecoder((record) => come.push(eventOf(record)), {
      maxLength: mostSessionRecord,
    });
    const chunks = (this.#connection as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      const chunk = await this.#next(chunks);
      push(decoder, chunk);
      const events = come;
      come = [];
      for (const event of events) {
        if (event.type === 'exit') return { status: event.status, signal: event.signal, why: event.why };
        if (event.type === 'error') throw new ServiceProblem(502, event);
        await handle(event.stream, Buffer.from(event.data, 'base64'));
      }
    }
  }

  /** The next bytes. Throws where there are none. */
  async #next(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
    try {
      const next = await chunks.next();
      if (next.done !== true) return next.value;
    } catch (error) {
      if (!this.#isClosed) throw unreachable(this.#address, error);
    }
    this.#signal?.throwIfAborted();
    if (this.#isClosed) throw new SessionClosed();
    throw new ServiceUnreachable(this.#address, 'the service ended the session');
  }
}

function push(decoder: RecordDecoder, chunk: Buffer): void {
  try {
    decoder.push(chunk);
  } catch (error) {
    throw error instanceof RecordIOError ? new UnexpectedAnswer(request, error.message) : error;
  }
}

function eventOf(record: Buffer): SessionEvent {
  let value: unknown;
  try {
    value = JSON.parse(record.toString());
  } catch {
    throw new UnexpectedAnswer(request, 'a record is not JSON');
  }
  const parsed = sessionEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswer(request, 'a record is of another kind');
}
