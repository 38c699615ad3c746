import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { encodeRecord } from '../../../src/mesos/recordio.ts';
import { recordedSubscribed } from '../../support/recordedMesos.ts';

export interface Received {
  type: string;
  call: Record<string, unknown>;
  path: string;
  headers: http.IncomingHttpHeaders;
  /** Which connection it came on, counted from 0. */
  connection: number;
}

export type Script = (received: Received, response: http.ServerResponse) => void;

/** A server on loopback that keeps what it receives and answers as the test says. */
export class ScriptedServer {
  readonly received: Received[] = [];
  /** The answers to SUBSCRIBE, in their order. */
  readonly streams: http.ServerResponse[] = [];
  /** Connections that are open. */
  readonly sockets = new Set<Socket>();
  script: Script;
  readonly #server: http.Server;
  readonly #connections = new Map<Socket, number>();

  private constructor(script: Script) {
    this.script = script;
    this.#server = http.createServer((request, response) => this.#handle(request, response));
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, this.#connections.size);
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(script: Script): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The calls of a type, in the order of their arrival. */
  of(type: string): Received[] {
    return this.received.filter((received) => received.type === type);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const received = {
        type: String(call.type),
        call,
        path: request.url ?? '',
        headers: request.headers,
        connection: this.#connections.get(request.socket) ?? -1,
      };
      this.received.push(received);
      if (received.type === 'SUBSCRIBE') this.streams.push(response);
      this.script(received, response);
    });
  }
}

/** Opens the stream as a master does; with `events`, those are sent after SUBSCRIBED. */
export function subscribe(
  response: http.ServerResponse,
  streamId: string,
  events: readonly object[] = [],
): void {
  openStream(response, streamId);
  send(response, recordedSubscribed(), ...events);
}

/** The head of a stream, no event yet. */
export function openStream(response: http.ServerResponse, streamId: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId });
  response.flushHeaders();
}

/** Sends events, all in one chunk. */
export function send(response: http.ServerResponse, ...events: readonly object[]): void {
  response.write(Buffer.concat(events.map((event) => encodeRecord(JSON.stringify(event)))));
}

/** Answers as a recording says. */
export function replay(
  response: http.ServerResponse,
  recorded: { status: number; headers: Record<string, string>; body: string },
): void {
  const body = Buffer.from(recorded.body);
  response.writeHead(recorded.status, { ...recorded.headers, 'Content-Length': body.length });
  response.end(body);
}
