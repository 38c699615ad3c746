import http from 'node:http';
import type { Duplex } from 'node:stream';
import { problem } from '../api/common.ts';
import { codeOf, messageOf } from '../host/errors.ts';
import { ServiceProblem, ServiceUnreachable, UnexpectedAnswer } from './errors.ts';

/** Where a service listens: its local socket, or its TCP address (`http://127.0.0.1:<port>`), with the container it is in. */
export type ServiceAddress =
  { readonly socket: string } | { readonly url: string; readonly container?: string };

export interface RequestOptions {
  readonly method: 'GET' | 'POST';
  /** With its query string. */
  readonly path: string;
  /** Without it the request shows that anybody may make it. */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request and returns the answer as it begins. A status of 400 or above throws `ServiceProblem`, no answer
 * `ServiceUnreachable`, and an aborted signal its reason.
 */
export async function open(address: ServiceAddress, options: RequestOptions): Promise<http.IncomingMessage> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = send(address, options, reject);
    request.once('response', resolve);
  });
  if ((answer.statusCode ?? 0) >= 400) throw await problemOf(address, answer, options);
  return answer;
}

/**
 * Asks for a connection that both sides write to as they like, in a protocol that is not HTTP (`Upgrade`). Throws as
 * `open`; from then on the signal means nothing.
 */
export async function upgrade(
  address: ServiceAddress,
  options: RequestOptions & { readonly protocol: string },
): Promise<Duplex> {
  const { protocol, signal, ...rest } = options;
  signal?.throwIfAborted();
  const headers = { ...options.headers, Connection: 'Upgrade', Upgrade: protocol };
  let giveUp: (() => void) | undefined;
  try {
    const answer = await new Promise<http.IncomingMessage | Duplex>((resolve, reject) => {
      const failed = (error: unknown): void => reject(unreachable(address, error, signal));
      const request = send(address, { ...rest, headers }, failed);
      request.once('response', resolve);
      request.once('upgrade', (_answer, socket: Duplex, first: Buffer) => {
        if (first.length > 0) socket.unshift(first);
        resolve(socket);
      });
      giveUp = () => request.destroy();
      signal?.addEventListener('abort', giveUp, { once: true });
    });
    if (!(answer instanceof http.IncomingMessage)) return answer;
    if ((answer.statusCode ?? 0) >= 400) throw await problemOf(address, answer, options);
    answer.destroy();
    const request = `${options.method} ${options.path}`;
    throw new UnexpectedAnswer(request, `status ${answer.statusCode ?? 0} in place of a connection`);
  } finally {
    if (giveUp) signal?.removeEventListener('abort', giveUp);
  }
}

function send(
  address: ServiceAddress,
  options: RequestOptions,
  failed: (error: Error) => void,
): http.ClientRequest {
  const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
  const target =
    'socket' in address
      ? { socketPath: address.socket, path: options.path }
      : { ...addressOf(address.url), path: options.path };
  const request = http.request({
    ...target,
    method: options.method,
    // A connection each: on one's own machine it costs nothing, and none is kept that a dying service breaks.
    agent: false,
    headers: {
      Host: 'localhost',
      ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
      ...(body ? { 'Content-Type': 'application/json', 'Content-Length': body.length } : {}),
      ...options.headers,
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  request.on('error', (error) => failed(unreachable(address, error, options.signal)));
  request.end(body);
  return request;
}

/** The whole text of an answer. */
export async function textOf(
  address: ServiceAddress,
  answer: http.IncomingMessage,
  signal?: AbortSignal,
): Promise<string> {
  return (await bytesOf(address, answer, signal)).toString('utf8');
}

/** The whole of an answer. */
export async function bytesOf(
  address: ServiceAddress,
  answer: http.IncomingMessage,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw unreachable(address, error, signal);
  }
  return Buffer.concat(chunks);
}

/** What to throw where a request broke: the reason of an aborted signal (a time limit apart), else `ServiceUnreachable`. */
export function unreachable(address: ServiceAddress, error: unknown, signal?: AbortSignal): Error {
  const reason: unknown = signal?.aborted ? signal.reason : undefined;
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  if (reason instanceof Error && !late) return reason;
  const broke = codeOf(error) === 'ECONNRESET' ? 'the connection broke' : messageOf(error);
  return new ServiceUnreachable(address, late ? 'no answer in time' : broke, error);
}

async function problemOf(
  address: ServiceAddress,
  answer: http.IncomingMessage,
  options: RequestOptions,
): Promise<Error> {
  const status = answer.statusCode ?? 0;
  const text = await textOf(address, answer, options.signal);
  try {
    const parsed = problem.safeParse(JSON.parse(text));
    if (parsed.success) return new ServiceProblem(status, parsed.data);
  } catch {
    // Not JSON: not our service.
  }
  return new UnexpectedAnswer(`${options.method} ${options.path}`, `status ${status} without an explanation`);
}

function addressOf(url: string): { hostname: string; port: string } {
  const { hostname, port } = new URL(url);
  return { hostname, port };
}
