import type http from 'node:http';
import { drained } from '../../mesos/drained.ts';
import { encodeRecord } from '../../mesos/recordio.ts';
import { stringify } from '../json.ts';

/** Bytes that a reader may be behind before its stream is dropped. */
const mostUnread = 32 * 1024 * 1024;

/** A client's stream of RecordIO events: one record a chunk, as clients that don't decode RecordIO properly hope for. */
export class EventStream {
  readonly #response: http.ServerResponse;
  readonly #encode: (event: object) => string | Uint8Array;
  #closed = false;

  /** `encode`: how an event is written. */
  constructor(response: http.ServerResponse, encode: (event: object) => string | Uint8Array = stringify) {
    this.#response = response;
    this.#encode = encode;
    response.once('close', () => (this.#closed = true));
  }

  /** Called once when the stream is over, whoever ended it. */
  onClosed(run: () => void): void {
    this.#response.once('close', run);
  }

  get isClosed(): boolean {
    return this.#closed || this.#response.destroyed;
  }

  send(event: object): void {
    if (this.#closed || this.#response.destroyed) return;
    if (this.#response.writableLength > mostUnread) {
      // A reader this slow would make us hold all that it doesn't read.
      this.#response.destroy();
      return;
    }
    this.#response.write(encodeRecord(this.#encode(event)));
  }

  /** As `send`, for a sender that can wait: resolves when the reader has taken enough for more, or is gone. */
  async sendPaced(event: object): Promise<void> {
    const response = this.#response;
    if (this.#closed || response.destroyed || response.write(encodeRecord(this.#encode(event)))) return;
    await drained(response);
  }

  /** Ends it properly (with the last chunk). */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#response.end();
  }
}
