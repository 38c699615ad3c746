import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ClusterEvent } from '../api/people.ts';
import { isViewTopic, type Topic } from '../api/topics.ts';
import { EventStream } from './http/eventStream.ts';
import { changesBetween } from './runChanges.ts';

/** A topic that is told of as a whole. */
export type WholeTopic = Exclude<Topic, 'tasks'>;

/** What the cluster looks like now. */
export interface Views {
  /** The place in the stream of events at which these views stand. */
  cursor(): string;
  /** Without what is not wanted. */
  snapshot(wanted: ReadonlySet<Topic>): Omit<Extract<ClusterEvent, { type: 'snapshot' }>, 'subscription'>;
  /** The present whole view of a topic: none where it is not known yet, two where what is known has a problem. */
  present(topic: Topic): readonly ClusterEvent[];
  /** Undefined where it is gone. */
  task(id: string): ClusterEvent | undefined;
}

/** Who hears of every change, whether somebody follows it or not. */
export interface ChangeListener {
  changed(topic: WholeTopic): void;
  taskChanged(id: string): void;
}

interface Subscriber {
  readonly stream: EventStream;
  wanted: ReadonlySet<Topic>;
  /** What it was last told of each topic, by the type of event. */
  readonly told: Map<Topic, Map<string, Written>>;
}

/** Changes are told of this often at most, so that a burst of them makes one event of each view. Milliseconds. */
const gatherMs = 100;
/** And the first of them so soon: what belongs together changes together. Milliseconds. */
const soonestMs = 10;

/** Tells subscribers what changes: a snapshot first, whole views after it, and nothing twice. */
export class Subscriptions {
  readonly #views: Views;
  readonly #onDemand: (wanted: ReadonlySet<Topic>) => void;
  readonly #listener: ChangeListener | undefined;
  /** By what their topics are changed with. */
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #changed = new Set<WholeTopic>();
  readonly #tasks = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** When gathered changes were told of last. */
  #flushed = -Infinity;

  /** `onDemand` is told whenever somebody comes or goes which topics are followed now. */
  constructor(views: Views, onDemand: (wanted: ReadonlySet<Topic>) => void, listener?: ChangeListener) {
    this.#views = views;
    this.#onDemand = onDemand;
    this.#listener = listener;
  }

  add(response: ServerResponse, wanted: ReadonlySet<Topic>): void {
    const subscription = randomBytes(18).toString('base64url');
    const stream = new EventStream(response, () => {
      this.#subscribers.delete(subscription);
      this.#demand();
    });
    const subscriber: Subscriber = { stream, wanted, told: new Map() };
    // What was gathered before is in what it is told now.
    this.#flush();
    this.#subscribers.set(subscription, subscriber);
    this.#begin(subscription, subscriber);
    this.#demand();
  }

  /**
   * Other topics for a living subscription: of those that are new to it their present value is sent at once, and nothing
   * that it knows already. False where there is no such subscription (any more).
   */
  change(subscription: string, wanted: ReadonlySet<Topic>): boolean {
    const subscriber = this.#subscribers.get(subscription);
    if (!subscriber) return false;
    // What was gathered before belongs to the topics of before.
    this.#flush();
    const before = subscriber.wanted;
    subscriber.wanted = wanted;
    for (const topic of before) if (!wanted.has(topic)) subscriber.told.delete(topic);
    this.#tellPresent(
      subscriber,
      [...wanted].filter((topic) => !before.has(topic)),
    );
    this.#demand();
    return true;
  }

  /** What a living subscription wants; undefined where there is none (any more). */
  wantedBy(subscription: string): ReadonlySet<Topic> | undefined {
    return this.#subscribers.get(subscription)?.wanted;
  }

  /** How many follow the cluster now. */
  get size(): number {
    return this.#subscribers.size;
  }

  changed(topic: WholeTopic): void {
    this.#listener?.changed(topic);
    this.#changed.add(topic);
    this.#soon();
  }

  taskChanged(id: string): void {
    this.#listener?.taskChanged(id);
    this.#tasks.add(id);
    this.#soon();
  }

  /** All is otherwise now: each subscriber begins again, with a snapshot and what it wants beside. */
  startOver(): void {
    this.#changed.clear();
    this.#tasks.clear();
    for (const [subscription, subscriber] of this.#subscribers) this.#begin(subscription, subscriber);
  }

  /** Sends what was gathered and ends all streams. */
  close(): void {
    this.#flush();
    for (const { stream } of this.#subscribers.values()) stream.close();
  }

  #begin(subscription: string, subscriber: Subscriber): void {
    const { stream, wanted, told } = subscriber;
    told.clear();
    stream.send(this.#views.cursor(), JSON.stringify({ ...this.#views.snapshot(wanted), subscription }));
    this.#tellPresent(
      subscriber,
      [...wanted].filter((topic) => !isViewTopic(topic)),
    );
  }

  #demand(): void {
    this.#onDemand(new Set([...this.#subscribers.values()].flatMap(({ wanted }) => [...wanted])));
  }

  #tellPresent(subscriber: Subscriber, topics: readonly Topic[]): void {
    const id = this.#views.cursor();
    for (const topic of topics) {
      for (const event of this.#views.present(topic)) {
        // Of task runs single ones follow: the list is no whole view that would be told again.
        if (topic === 'tasks') subscriber.stream.send(id, JSON.stringify(event));
        else tell(subscriber, topic, id, written(event));
      }
    }
  }

  #soon(): void {
    if (this.#subscribers.size === 0) {
      // Whoever comes later begins with a snapshot.
      this.#changed.clear();
      this.#tasks.clear();
      return;
    }
    const wait = Math.max(soonestMs, this.#flushed + gatherMs - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#flushed = performance.now();
      this.#flush();
    }, wait);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const id = this.#views.cursor();
    for (const topic of this.#changed) {
      const followers = this.#followers(topic);
      // Made once for all, and not at all for nobody.
      const events = followers.length === 0 ? [] : this.#views.present(topic).map(written);
      for (const event of events) for (const each of followers) tell(each, topic, id, event);
    }
    const followers = this.#tasks.size === 0 ? [] : this.#followers('tasks');
    for (const task of followers.length === 0 ? [] : this.#tasks) {
      const event = this.#views.task(task);
      const data = event && JSON.stringify(event);
      if (data !== undefined) for (const { stream } of followers) stream.send(id, data);
    }
    this.#changed.clear();
    this.#tasks.clear();
  }

  #followers(topic: Topic): Subscriber[] {
    return [...this.#subscribers.values()].filter(({ wanted }) => wanted.has(topic));
  }
}

interface Written {
  readonly event: ClusterEvent;
  readonly data: string;
}

function written(event: ClusterEvent): Written {
  return { event, data: JSON.stringify(event) };
}

function tell({ stream, told }: Subscriber, topic: WholeTopic, id: string, now: Written): void {
  const { event, data } = now;
  const ofTopic = told.get(topic) ?? new Map<string, Written>();
  const last = ofTopic.get(event.type);
  if (last?.data === data) return;
  told.set(topic, ofTopic.set(event.type, now));
  const isNext = event.type === 'run' && last?.event.type === 'run';
  const changes = isNext ? changesBetween(last.event.run, event.run) : undefined;
  stream.send(id, changes ? JSON.stringify(changes) : data);
}
