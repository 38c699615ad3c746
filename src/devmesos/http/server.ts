import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { gunzipSync, gzip } from 'node:zlib';
import { messageOf } from '../../host/errors.ts';
import type { Log } from '../log.ts';
import { browserError } from './browserGuard.ts';
import { EventStream } from './eventStream.ts';
import { recordioType } from './negotiation.ts';
import type { Answer, Reply } from './reply.ts';
import { badRequest, notFound, text } from './reply.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of a request that goes on, `Content-Type: application/recordio`: its body, unread, in place of `body`. */
  readonly stream?: http.IncomingMessage;
  /** Who asks, where that was authenticated. */
  readonly principal?: string;
}

export type Handler = (request: HttpRequest) => Reply | Promise<Reply>;

/** By path. */
export type Routes = ReadonlyMap<string, Handler>;

/** A CONNECT: the caller takes the socket over. */
export type ConnectHandler = (request: http.IncomingMessage, socket: Socket) => void;

/** Milliseconds for a request's whole body; one that goes on may take as long as it likes. */
const longestReceiving = 60_000;
/** Bytes of a request's body, inflated: more is refused with 413. */
const longestBody = 64 * 1024 * 1024;
/** Bytes from which on an answer is compressed for who accepts that. */
const leastCompressed = 1024;

export interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** An HTTP/1.1 server that behaves as libprocess does where clients can notice. */
export class HttpServer {
  readonly #server: http.Server;
  readonly #routes: Routes;
  readonly #log: Log;
  readonly #tunnels = new Set<Socket>();
  #host = '127.0.0.1';

  constructor(routes: Routes, log: Log, onConnect?: ConnectHandler) {
    this.#routes = routes;
    this.#log = log;
    this.#server = http.createServer({ keepAlive: true, noDelay: true }, (request, response) =>
      this.#serve(request, response),
    );
    // Mesos never closes an idle connection; a client that reuses one must not find it just closed.
    this.#server.keepAliveTimeout = 0;
    // It would end requests that go on: the others have a limit of their own.
    this.#server.requestTimeout = 0;
    // `Expect: 100-continue` is ignored: just the final answer is sent.
    this.#server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) =>
      this.#serve(request, response),
    );
    // What isn't HTTP gets no answer at all.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    this.#server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      socket.on('error', () => socket.destroy());
      this.#tunnels.add(socket);
      socket.once('close', () => this.#tunnels.delete(socket));
      if (onConnect) onConnect(request, socket);
      else socket.destroy();
    });
  }

  /** Resolves with the address and port once it listens; rejects with Node's error (`EADDRINUSE`, …) if it can't. */
  async listen({ host, port }: ListenOptions): Promise<AddressInfo> {
    this.#host = host;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return this.#server.address() as AddressInfo;
  }

  /** Closes it with all its connections. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
      for (const socket of this.#tunnels) socket.destroy();
    });
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    // A client that leaves in mid-request needs no answer.
    request.on('error', () => response.destroy());
    // Written to while its connection was breaking: nobody is left to tell.
    response.on('error', () => response.destroy());
    if (request.headers['content-type'] === recordioType) this.#serveStream(request, response);
    else this.#serveWhole(request, response);
  }

  /** Answers as soon as the handler does; what of the request it has not read then is nobody's. */
  #serveStream(request: http.IncomingMessage, response: http.ServerResponse): void {
    response.shouldKeepAlive = false;
    this.#reply(request, response, this.#answer(request, Buffer.alloc(0), request));
  }

  #serveWhole(request: http.IncomingMessage, response: http.ServerResponse): void {
    const late = setTimeout(() => request.destroy(), longestReceiving);
    request.once('close', () => clearTimeout(late));
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= longestBody) chunks.push(chunk);
    });
    request.on('end', () => {
      clearTimeout(late);
      const body = length > longestBody ? undefined : Buffer.concat(chunks);
      this.#reply(request, response, this.#answer(request, body));
    });
  }

  #reply(request: http.IncomingMessage, response: http.ServerResponse, answer: Promise<Reply>): void {
    answer.then(
      (reply) => send(response, reply, request),
      (error: unknown) => {
        this.#log(`${request.method ?? ''} ${request.url ?? ''} failed: ${messageOf(error)}`);
        send(response, text(500, messageOf(error)), request);
      },
    );
  }

  async #answer(
    request: http.IncomingMessage,
    sent: Buffer | undefined,
    stream?: http.IncomingMessage,
  ): Promise<Reply> {
    const guarded = browserError(request.headers, this.#host);
    if (guarded) return guarded;
    if (!sent) return text(413, 'The request is too large');
    const url = targetOf(request.url ?? '/');
    const handler = url && this.#routes.get(url.pathname);
    if (!handler) return notFound();
    const body = inflate(sent, request.headers['content-encoding']);
    if (!Buffer.isBuffer(body)) return body;
    return handler({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      ...(stream ? { stream } : {}),
    });
  }
}

function targetOf(target: string): URL | undefined {
  // An absolute target (as to a proxy) is allowed by HTTP; only its path counts.
  return URL.canParse(target, 'http://here') ? new URL(target, 'http://here') : undefined;
}

function inflate(body: Buffer, encoding: string | undefined): Buffer | Answer {
  if (encoding !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: longestBody });
  } catch (error) {
    return badRequest(`Failed to decompress body: ${messageOf(error)}`);
  }
}

function send(response: http.ServerResponse, reply: Reply, { method, headers }: http.IncomingMessage): void {
  const headOnly = method === 'HEAD';
  // As libprocess does: whether the connection stays is told by the HTTP version alone.
  response.removeHeader('Connection');
  if ('opened' in reply) {
    response.writeHead(reply.status, reply.headers);
    response.flushHeaders();
    reply.opened(new EventStream(response, reply.encode));
    return;
  }
  if ('file' in reply) {
    const { handle, size } = reply.file;
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': size });
    if (headOnly || size === 0) {
      response.end();
      void handle.close();
      return;
    }
    // Ends the connection where the file became shorter meanwhile; closes the file in any case.
    pipeline(handle.createReadStream({ start: 0, end: size - 1 }), response, () => undefined);
    return;
  }
  const body = Buffer.from(reply.body ?? '');
  const write = (bytes: Buffer, encoding: Record<string, string>): void => {
    response.writeHead(reply.status, { ...reply.headers, ...encoding, 'Content-Length': bytes.length });
    response.end(headOnly ? undefined : bytes);
  };
  if (body.length < leastCompressed || !acceptsGzip(headers['accept-encoding'])) {
    write(body, {});
    return;
  }
  gzip(body, (error, compressed) =>
    error ? write(body, {}) : write(compressed, { 'Content-Encoding': 'gzip' }),
  );
}

/** `gzip` or `*`, unless its weight is 0. */
function acceptsGzip(accepted = ''): boolean {
  return accepted.split(',').some((part) => {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return ['gzip', '*'].includes(coding) && !isRefused;
  });
}
