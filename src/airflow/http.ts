import http from 'node:http';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the request is given up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Nobody answered at the address, or not in time. */
export class AirflowUnreachableError extends Error {
  readonly url: string;
  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}`, { cause });
    this.name = 'AirflowUnreachableError';
    this.url = url;
  }
}

// A connection of its own for each request: the server closes idle ones after 5 s, and a request sent just then would
// be lost. Node's own agent, not fetch: with NODE_USE_ENV_PROXY fetch sends loopback through a proxy.
const agent = new http.Agent({ keepAlive: false });

/**
 * One HTTP request, straight to the address: never through a proxy. Any status is an answer; only none at all throws
 * (`AirflowUnreachableError`, or the signal's reason once it is aborted).
 */
export async function request(url: string, options: HttpRequest): Promise<HttpAnswer> {
  try {
    return await send(url, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new AirflowUnreachableError(url, error);
  }
}

function send(url: string, options: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const body = options.body === undefined ? undefined : Buffer.from(options.body);
    const sent = http.request(
      url,
      {
        method: options.method ?? 'GET',
        agent,
        signal: options.signal,
        headers: {
          accept: 'application/json',
          ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
          ...options.headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    const late = (): void => void sent.destroy(new Error(`no answer within ${options.timeoutMs} ms`));
    const timer = setTimeout(late, options.timeoutMs);
    sent.on('error', reject);
    sent.on('close', () => clearTimeout(timer));
    sent.end(body);
  });
}
