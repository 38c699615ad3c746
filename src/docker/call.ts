import type Docker from 'dockerode';
import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** What dockerode talks through. */
export type Daemon = Pick<Docker, 'modem'>;

/** The daemon that a container belongs to; dockerode's types leave it open. */
export function daemonOf(container: Docker.Container): Daemon {
  return { modem: container.modem as Daemon['modem'] };
}

/** One request to the daemon, below its API's version. */
export interface DaemonRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/images/create` */
  readonly path: string;
  /** Objects are sent as JSON; what is undefined is not sent. */
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A tar archive as the request's body. */
  readonly archive?: Readable | Buffer;
  /** Aborting it destroys the request, also while its answer is read; the daemon notices. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request and gives its answer as a stream once the headers are there. For what dockerode can't cancel, or reads as a
 * whole and guesses its kind. Rejects with dockerode's error (statusOf, daemonMessage), or the signal's reason.
 */
export function openAnswer(docker: Daemon, request: DaemonRequest): Promise<IncomingMessage> {
  const { archive, headers, method, path, query = {}, signal } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    docker.modem.dial(
      {
        path: `${path}?`,
        method,
        options: {
          _query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
          _body: {},
        },
        ...(headers ? { headers: { ...headers } } : {}),
        ...(archive ? { file: archive } : {}),
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 201: true, 204: true },
      },
      (error, answer) => {
        if (signal.aborted) {
          if (answer instanceof IncomingMessage) answer.destroy();
          reject(signal.reason as Error);
        } else if (error) reject(error);
        else if (answer instanceof IncomingMessage) resolve(answer);
        else reject(new Error(`The answer to ${method} ${path} is no stream`));
      },
    );
  });
}

/** Reads an answer of a known, small size as a whole. */
export async function bodyOf(answer: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
