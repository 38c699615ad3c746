import type { Clock } from '../clock.ts';
import type { EventStream } from '../http/eventStream.ts';
import { heartbeatInterval } from './options.ts';

/** Subscribers that the operator API keeps; the oldest is dropped for a newer one. */
const mostSubscribers = 1000;

/** The operator API's event streams. */
export class OperatorEvents {
  readonly #clock: Clock;
  readonly #streams = new Set<EventStream>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `state` is the answer to GET_STATE at this moment. */
  add(stream: EventStream, state: object): void {
    for (const oldest of this.#streams) {
      if (this.#streams.size < mostSubscribers) break;
      this.#streams.delete(oldest);
      oldest.end();
    }
    this.#streams.add(stream);
    stream.send({
      type: 'SUBSCRIBED',
      subscribed: { get_state: state, heartbeat_interval_seconds: heartbeatInterval / 1000 },
    });
    stream.send({ type: 'HEARTBEAT' });
    const beat = this.#clock.every(heartbeatInterval, () => stream.send({ type: 'HEARTBEAT' }));
    stream.onClosed(() => {
      beat.cancel();
      this.#streams.delete(stream);
    });
  }

  send(event: object): void {
    for (const stream of this.#streams) stream.send(event);
  }
}
