import type { ServerResponse } from 'node:http';
import type { ClusterEvent } from '../api/people.ts';
import { EventStream } from './http/eventStream.ts';

export const topics = ['cluster', 'agents', 'frameworks', 'offers', 'tasks'] as const;
export type Topic = (typeof topics)[number];

/** What the cluster looks like now. */
export interface Views {
  /** The place in the stream of events at which these views stand. */
  cursor(): string;
  /** Of a topic that is not wanted, empty. */
  snapshot(wanted: ReadonlySet<Topic>): Extract<ClusterEvent, { type: 'snapshot' }>;
  /** The present whole view of what changed; undefined where it is gone. */
  change(topic: Exclude<Topic, 'tasks'>): ClusterEvent;
  task(id: string): ClusterEvent | undefined;
}

interface Subscriber {
  readonly stream: EventStream;
  readonly wanted: ReadonlySet<Topic>;
}

/** Changes are gathered for so long, so that a burst of them makes one event of each view. Milliseconds. */
const gatherMs = 100;

/** Tells subscribers what changes: a snapshot first, whole views after it. */
export class Subscriptions {
  readonly #views: Views;
  readonly #onDemand: (wanted: ReadonlySet<Topic>) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #changed = new Set<Exclude<Topic, 'tasks'>>();
  readonly #tasks = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** `onDemand` is told whenever somebody comes or goes which topics are followed now. */
  constructor(views: Views, onDemand: (wanted: ReadonlySet<Topic>) => void) {
    this.#views = views;
    this.#onDemand = onDemand;
  }

  add(response: ServerResponse, wanted: ReadonlySet<Topic>): void {
    const stream = new EventStream(response, () => {
      this.#subscribers.delete(subscriber);
      this.#demand();
    });
    const subscriber = { stream, wanted };
    this.#subscribers.add(subscriber);
    stream.send(this.#views.cursor(), JSON.stringify(this.#views.snapshot(wanted)));
    this.#demand();
  }

  changed(topic: Exclude<Topic, 'tasks'>): void {
    this.#changed.add(topic);
    this.#soon();
  }

  taskChanged(id: string): void {
    this.#tasks.add(id);
    this.#soon();
  }

  /** Sends what was gathered and ends all streams. */
  close(): void {
    this.#flush();
    for (const { stream } of this.#subscribers) stream.close();
  }

  #demand(): void {
    this.#onDemand(new Set([...this.#subscribers].flatMap(({ wanted }) => [...wanted])));
  }

  #soon(): void {
    if (this.#subscribers.size === 0) {
      // Whoever comes later begins with a snapshot.
      this.#changed.clear();
      this.#tasks.clear();
      return;
    }
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const id = this.#views.cursor();
    for (const topic of this.#changed) this.#send(topic, id, this.#views.change(topic));
    for (const task of this.#tasks) {
      const event = this.#views.task(task);
      if (event) this.#send('tasks', id, event);
    }
    this.#changed.clear();
    this.#tasks.clear();
  }

  #send(topic: Topic, id: string, event: ClusterEvent): void {
    const data = JSON.stringify(event);
    for (const { stream, wanted } of this.#subscribers) {
      if (wanted.has(topic)) stream.send(id, data);
    }
  }
}
