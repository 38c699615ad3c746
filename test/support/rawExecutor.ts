import http from 'node:http';
import { RecordDecoder } from '../../src/mesos/recordio.ts';

/** The event stream of an executor: what comes, kept as it comes. */
export class ExecutorStream {
  readonly events: Record<string, unknown>[] = [];
  readonly headers: http.IncomingHttpHeaders;
  readonly status: number;
  /** Whether the agent ended it properly. */
  ended = false;
  readonly #request: http.ClientRequest;

  private constructor(request: http.ClientRequest, response: http.IncomingMessage) {
    this.#request = request;
    this.headers = response.headers;
    this.status = response.statusCode ?? 0;
    const decoder = new RecordDecoder((record) =>
      this.events.push(JSON.parse(record.toString()) as Record<string, unknown>),
    );
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    response.on('end', () => (this.ended = true));
    response.on('error', () => undefined);
  }

  /** Sends SUBSCRIBE, and resolves once the answer has begun. */
  static async open(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<ExecutorStream> {
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', headers, agent: false });
      request.on('response', (response) => resolve(new ExecutorStream(request, response)));
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Breaks the connection. */
  disconnect(): void {
    this.#request.destroy();
  }
}
