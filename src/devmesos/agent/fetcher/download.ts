import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { codeOf, messageOf } from '../../../host/errors.ts';
import { FetchError } from './fetchError.ts';

/** Redirections that are followed. */
const mostRedirects = 50;

export interface Download {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which it is given up. */
  readonly stallTimeout: number;
}

/** What curl says of what went wrong, which Mesos passes on. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Couldn't connect to server",
  EHOSTUNREACH: "Couldn't connect to server",
  ENETUNREACH: "Couldn't connect to server",
  ETIMEDOUT: 'Timeout was reached',
  ENOTFOUND: "Couldn't resolve host name",
  EAI_AGAIN: "Couldn't resolve host name",
  ERR_INVALID_URL: 'URL using bad/illegal format or missing URL',
};

/**
 * GETs a URI into a stream, whatever the answer is. Rejects with FetchError where that isn't 200 or doesn't come whole.
 */
export async function download(uri: string, into: Writable, options: Download): Promise<void> {
  const answer = await ask('GET', uri, options);
  try {
    await pipeline(answer, into, { signal: options.signal });
  } catch (error) {
    options.signal.throwIfAborted();
    throw problem(error, 'Transferred a partial file');
  }
  const { statusCode = 0 } = answer;
  if (statusCode !== 200)
    throw new FetchError(`Error downloading resource, received HTTP return code ${statusCode}`);
}

/** What a server says of a URI's length, bytes. Rejects where it doesn't. */
export async function contentLength(uri: string, options: Download): Promise<number> {
  const answer = await ask('HEAD', uri, options);
  answer.resume();
  const length = Number(answer.headers['content-length'] ?? NaN);
  if (!Number.isSafeInteger(length) || length < 0) throw new FetchError('HTTP HEAD did not tell a length');
  return length;
}

/** The first answer that isn't a redirection. */
async function ask(
  method: 'GET' | 'HEAD',
  uri: string,
  { signal, stallTimeout }: Download,
): Promise<http.IncomingMessage> {
  let url = uri;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await askOnce(method, url, signal, stallTimeout);
    const { location } = answer.headers;
    const isRedirection = [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0);
    if (!isRedirection || location === undefined) return answer;
    answer.resume();
    if (!URL.canParse(location, url)) throw problem(undefined, reasons.ERR_INVALID_URL ?? '');
    url = new URL(location, url).href;
    if (!/^https?:/.test(url)) throw problem(undefined, 'Unsupported protocol');
  }
  throw problem(undefined, 'Number of redirects hit maximum amount');
}

async function askOnce(
  method: string,
  url: string,
  signal: AbortSignal,
  stallTimeout: number,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown, otherwise: string): void =>
      reject(signal.aborted ? (signal.reason as Error) : problem(error, otherwise));
    try {
      const request = (url.startsWith('https:') ? https : http).request(url, {
        method,
        headers: { Accept: '*/*' },
        agent: false,
        signal,
        timeout: stallTimeout,
      });
      request.removeHeader('connection');
      const stalled = Object.assign(new Error('no byte came'), { code: 'ETIMEDOUT' });
      request.on('timeout', () => request.destroy(stalled));
      request.on('response', (answer) => {
        request.on('timeout', () => answer.destroy(stalled));
        resolve(answer);
      });
      request.on('error', (error) => fail(error, otherwiseOf(error)));
      request.end();
    } catch (error) {
      fail(error, reasons.ERR_INVALID_URL ?? '');
    }
  });
}

function otherwiseOf(error: Error): string {
  return codeOf(error) === 'ECONNRESET' ? 'Server returned nothing (no headers, no data)' : messageOf(error);
}

function problem(error: unknown, otherwise: string): FetchError {
  return new FetchError(`Error downloading resource: ${reasons[codeOf(error) ?? ''] ?? otherwise}`);
}
