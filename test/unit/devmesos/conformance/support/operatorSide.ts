import http from 'node:http';
import type { JsonObject } from '../../../../../src/devmesos/json.ts';
import { RecordDecoder } from '../../../../../src/mesos/recordio.ts';
import { json } from '../../../../support/rawScheduler.ts';

/** A subscriber of the operator API's events. */
export class OperatorSide {
  readonly #events: JsonObject[] = [];
  readonly #request: http.ClientRequest;

  private constructor(request: http.ClientRequest, response: http.IncomingMessage) {
    this.#request = request;
    const decoder = new RecordDecoder((record) =>
      this.#events.push(JSON.parse(record.toString()) as JsonObject),
    );
    response.on('data', (chunk: Buffer) => decoder.push(chunk));
    response.on('error', () => undefined);
  }

  static async subscribe(url: string): Promise<OperatorSide> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${url}/api/v1`, { method: 'POST', headers: json, agent: false });
      request.on('error', reject);
      request.on('response', (response) => resolve(new OperatorSide(request, response)));
      request.end('{"type":"SUBSCRIBE"}');
    });
  }

  /** Events that came since the last time, but the subscription's own and heartbeats. */
  take(): JsonObject[] {
    return this.#events.splice(0).filter(({ type }) => type !== 'SUBSCRIBED' && type !== 'HEARTBEAT');
  }

  disconnect(): void {
    this.#request.destroy();
  }
}
