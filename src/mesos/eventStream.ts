import type { IncomingMessage } from 'node:http';
import type { Clock } from './clock.ts';
import { MesosUnreachableError, SilentStreamError, StreamEndedError } from './errors.ts';
import type { Answer } from './http.ts';
import { RecordDecoder, RecordIOError } from './recordio.ts';

export interface EventStreamOptions<E> {
  /** Makes an event of a record; what it throws ends the stream. */
  parse(record: Buffer): E;
  /** Gets each event, in order, and none once the stream has ended. What it throws is its own affair. */
  onEvent(event: E): void;
  /** Called once, with why the stream ended. */
  onEnd(cause: Error): void;
  clock: Clock;
  /** Milliseconds without a byte after which the stream is held for dead. */
  silenceMs: number;
  /** Bytes of one record at most. */
  maxRecordLength: number | undefined;
}

/** A stream of events as it comes in, until either side or silence ends it. */
export class EventStream<E> {
  readonly #response: IncomingMessage;
  readonly #options: EventStreamOptions<E>;
  #silenceMs: number;
  #stopWatch: () => void = () => undefined;
  #ended = false;

  constructor(answer: Answer, options: EventStreamOptions<E>) {
    this.#response = answer.response;
    this.#options = options;
    this.#silenceMs = options.silenceMs;
    const { maxRecordLength } = options;
    const decoder = new RecordDecoder(
      (record) => this.#onRecord(record),
      maxRecordLength === undefined ? {} : { maxLength: maxRecordLength },
    );
    this.#response.on('data', (chunk: Buffer) => {
      if (this.#ended) return;
      this.#watch();
      this.#decode(() => decoder.push(chunk));
    });
    this.#response.on('end', () => {
      this.#decode(() => decoder.end());
      this.close(new StreamEndedError());
    });
    this.#response.on('error', (error) => this.close(new MesosUnreachableError(answer.url, error)));
    this.#response.on('close', () => this.close(new StreamEndedError()));
    this.#watch();
  }

  /** From now on, so much silence is too much. */
  allowSilence(ms: number): void {
    this.#silenceMs = ms;
    if (!this.#ended) this.#watch();
  }

  /** Ends the stream for the given cause; does nothing if it has ended. */
  close(cause: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopWatch();
    this.#response.destroy();
    this.#options.onEnd(cause);
  }

  #watch(): void {
    this.#stopWatch();
    const silenceMs = this.#silenceMs;
    this.#stopWatch = this.#options.clock.after(silenceMs, () =>
      this.close(new SilentStreamError(silenceMs)),
    );
  }

  #decode(step: () => void): void {
    if (this.#ended) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof RecordIOError)) throw error;
      this.close(error);
    }
  }

  #onRecord(record: Buffer): void {
    // A listener may have closed the stream while more records of the same chunk wait.
    if (this.#ended) return;
    let event: E;
    try {
      event = this.#options.parse(record);
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#options.onEvent(event);
  }
}
