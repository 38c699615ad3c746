import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { sessionProtocol, sessionRequest, type SessionEvent } from '../../../src/api/session.ts';
import { DapReader, framed } from '../../../src/extension/debug/frames.ts';
import { encodeRecord, RecordDecoder } from '../../../src/mesos/recordio.ts';

/** What is at the far end of a debug copy's session: a debug adapter that notes what it is asked, and stops nowhere. */
export class FakeDebugger {
  /** Of each session, its path with the query. */
  readonly sessions: string[] = [];
  /** Each request, with its arguments. */
  readonly asked: { readonly command: string; readonly args: Record<string, unknown> }[] = [];
  #connection: Duplex | undefined;

  /** Whether a session is open. */
  get isOpen(): boolean {
    return this.#connection !== undefined && !this.#connection.destroyed;
  }

  readonly upgrade = (request: IncomingMessage, connection: Duplex): void => {
    this.sessions.push(request.url ?? '');
    this.#connection = connection;
    connection.on('error', () => undefined);
    connection.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${sessionProtocol}\r\n\r\n`,
    );
    const reader = new DapReader(({ seq, command, arguments: args }) => {
      this.asked.push({ command: String(command), args: (args ?? {}) as Record<string, unknown> });
      const body = command === 'threads' ? { threads: [{ id: 1, name: 'MainThread' }] } : {};
      this.#say({ type: 'response', seq: 0, request_seq: seq, command, success: true, body });
      if (command === 'attach') this.#say({ type: 'event', seq: 0, event: 'initialized' });
      if (command === 'disconnect') this.#exit();
    });
    const decoder = new RecordDecoder((record) => {
      const message = sessionRequest.parse(JSON.parse(record.toString()));
      if (message.type === 'input') reader.push(Buffer.from(message.data, 'base64'));
    });
    connection.on('data', (data: Buffer) => decoder.push(data));
  };

  /** The copy has run to its end. */
  end(): void {
    this.#say({ type: 'event', seq: 0, event: 'terminated' });
  }

  #exit(): void {
    this.#send({ type: 'exit', status: 0 });
    this.#connection?.end();
  }

  #say(message: object): void {
    this.#send({ type: 'output', stream: 'stdout', data: framed(message).toString('base64') });
  }

  #send(event: SessionEvent): void {
    this.#connection?.write(encodeRecord(JSON.stringify(event)));
  }
}
