// Requests to masters and agents over node:http, which alone gives hold of the one connection that calls must
// share (`fetch` gives none).
import http from 'node:http';
import https from 'node:https';
import type { Authorization } from './authorization.ts';
import {
  InvalidAddressError,
  MesosHttpError,
  MesosUnreachableError,
  RedirectError,
  UnexpectedAnswerError,
} from './errors.ts';

/** A pool of kept-alive connections, for http and https alike. */
export class Connections {
  readonly #http: http.Agent;
  readonly #https: https.Agent;

  /** @param perHost connections to one host at most; with 1, requests go one after the other. */
  constructor(perHost = Infinity) {
    this.#http = new http.Agent({ keepAlive: true, maxSockets: perHost });
    this.#https = new https.Agent({ keepAlive: true, maxSockets: perHost });
  }

  for(url: URL): http.Agent {
    return url.protocol === 'https:' ? this.#https : this.#http;
  }

  /** Closes all of them, also those in use. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

export interface PostOptions {
  connections: Connections;
  authorization?: Authorization | undefined;
  /** Aborting it ends the request, or the reading of its answer, with the signal's reason. */
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

export interface Answer {
  response: http.IncomingMessage;
  /** Where it came from in the end. */
  url: URL;
}

const maxRedirects = 5;
const errorBodyBytes = 64 * 1024;

/**
 * The address of a master or agent: `http://host:port` or https, with a path where a proxy wants one.
 * @throws InvalidAddressError
 */
export function parseAddress(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new InvalidAddressError(`"${text}" is not an address such as http://127.0.0.1:5050`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidAddressError(`"${text}" must begin with http:// or https://`);
  }
  // Addresses appear in logs and errors.
  if (url.username || url.password) {
    throw new InvalidAddressError(
      `the address of ${url.host} must not carry a user or password: use authorization`,
    );
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/**
 * POSTs JSON and resolves with the head of the answer, its body unread. Redirects (307, 308) are followed: Mesos
 * points to the leading master that way, with a `Location` that has no scheme (`//host:port/…`).
 * @throws RedirectError, MesosUnreachableError, or the reason with which the signal aborted.
 */
export async function post(address: URL, body: string, options: PostOptions): Promise<Answer> {
  let url = address;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await postOnce(url, body, options);
    if (response.statusCode !== 307 && response.statusCode !== 308) return { response, url };
    response.resume();
    url = redirectTarget(url, response.headers.location);
  }
  throw new RedirectError(address, `${maxRedirects} redirects in a row led to no leading master`);
}

function redirectTarget(from: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new RedirectError(from, `not to an address: ${location ?? 'none is given'}`);
  }
  const to = new URL(location, from);
  if (to.protocol !== from.protocol && to.protocol !== 'https:') {
    throw new RedirectError(from, `to ${to.protocol}//${to.host}, which is not encrypted`);
  }
  return to;
}

/** As `post`, but follows no redirect. */
export function postOnce(url: URL, body: string, options: PostOptions): Promise<http.IncomingMessage> {
  return send(url, 'POST', body, options);
}

/** GETs, and resolves with the head of the answer. No redirect is followed. @throws as `post`. */
export async function get(url: URL, options: PostOptions): Promise<Answer> {
  return { response: await send(url, 'GET', undefined, options), url };
}

async function send(
  url: URL,
  method: 'GET' | 'POST',
  body: string | undefined,
  options: PostOptions,
): Promise<http.IncomingMessage> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    // To the letter: Mesos refuses a `charset` (415).
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    ...options.headers,
  };
  const authorization = await options.authorization?.();
  if (authorization !== undefined) headers.Authorization = authorization;
  const { signal } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const details = { method, headers, agent: options.connections.for(url) };
    const request = url.protocol === 'https:' ? https.request(url, details) : http.request(url, details);
    const abort = () => request.destroy(reasonOf(signal));
    signal?.addEventListener('abort', abort, { once: true });
    request.on('close', () => signal?.removeEventListener('abort', abort));
    request.on('response', resolve);
    request.on('error', (error) =>
      reject(signal?.aborted ? reasonOf(signal) : new MesosUnreachableError(url, error)),
    );
    request.end(body);
  });
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** @throws UnexpectedAnswerError if an answer's content is not JSON, as all of Mesos's is when it is well. */
export function requireJson(answer: Answer): void {
  const type = answer.response.headers['content-type'];
  if (type?.split(';')[0]?.trim() === 'application/json') return;
  answer.response.destroy();
  throw new UnexpectedAnswerError(answer.url, `its content type is ${type ?? 'absent'}`);
}

/**
 * Reads an answer to its end.
 * @throws UnexpectedAnswerError above `maxBytes`, MesosUnreachableError where the connection breaks.
 */
export async function readBody(answer: Answer, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const body = await readBeginning(answer, maxBytes, signal);
  if (body.length > maxBytes) throw new UnexpectedAnswerError(answer.url, `more than ${maxBytes} bytes`);
  return body;
}

/** The error that an answer with an error status stands for. */
export async function httpError(answer: Answer, signal?: AbortSignal): Promise<MesosHttpError> {
  const body = await readBeginning(answer, errorBodyBytes, signal);
  const text = body.toString('utf8', 0, errorBodyBytes);
  return new MesosHttpError(answer.url, answer.response.statusCode ?? 0, text);
}

/** All of a body, or somewhat more than `enoughBytes` of a longer one, whose connection is then given up. */
async function readBeginning(answer: Answer, enoughBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > enoughBytes) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new MesosUnreachableError(answer.url, error);
  }
  return Buffer.concat(chunks);
}
