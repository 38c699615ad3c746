import { setTimeout as delay } from 'node:timers/promises';
import { clusterEvent, type ClusterEvent } from '../api/people.ts';
import type { Topic } from '../api/topics.ts';
import { messageOf } from '../host/errors.ts';
import { ServiceProblem, ServiceUnreachable, UnexpectedAnswer } from './errors.ts';
import { EventParser, type ServerSentEvent } from './eventParser.ts';
import { open, unreachable, type ServiceAddress } from './transport.ts';

/** What a subscription may be narrowed to; `runsTopic` and `runTopic` make those of pages. */
export type { Topic } from '../api/topics.ts';

export interface SubscriptionHandlers {
  /** A snapshot first, and after each new connection; whole new views in between. */
  event(event: ClusterEvent): void;
  /** The stream is open. */
  connected?(): void;
  /** The stream broke, or could not be opened; it is tried again by itself. */
  disconnected?(error: Error): void;
}

/** The events that this version knows. */
const ours: ReadonlySet<string> = new Set<ClusterEvent['type']>([
  ...(['snapshot', 'cluster', 'agents', 'frameworks', 'offers', 'taskRuns', 'task'] as const),
  ...(['dags', 'runs', 'run', 'runTasks', 'mesosTasks', 'problem'] as const),
]);

/** The service says something each 15 s; after more than twice that of silence the connection is dead. */
const silenceMs = 35_000;
const firstPauseMs = 250;
const longestPauseMs = 5000;
/** A service that takes longer to change topics is not the one that sends the events any more. */
const longestChangeMs = 10_000;

/**
 * Follows the service's events until the signal is aborted; connects again by itself. The topics can be changed while it
 * lives: what is known already is not sent again.
 */
export class Subscription {
  /** Resolves when the signal was aborted; rejects where trying again is pointless. */
  readonly ended: Promise<void>;
  readonly #address: ServiceAddress;
  readonly #token: string;
  readonly #handlers: SubscriptionHandlers;
  readonly #signal: AbortSignal;
  #topics: readonly Topic[] | undefined;
  #living: Living | undefined;

  constructor(
    address: ServiceAddress,
    token: string,
    handlers: SubscriptionHandlers,
    options: { readonly signal: AbortSignal; readonly topics?: readonly Topic[] },
  ) {
    this.#address = address;
    this.#token = token;
    this.#handlers = handlers;
    this.#signal = options.signal;
    this.#topics = options.topics;
    this.ended = this.#follow();
  }

  /** Other topics from now on, in place of all before. Those that are new come as they are now; the others go on. */
  change(topics: readonly Topic[]): void {
    this.#topics = topics;
    this.#living?.ask(topics);
  }

  async #follow(): Promise<void> {
    const signal = this.#signal;
    let wait = firstPauseMs;
    while (!signal.aborted) {
      const living = new Living(this.#address, this.#token, this.#topics);
      try {
        const answer = await open(this.#address, {
          method: 'GET',
          path: `/v1/subscription${queryOf(this.#topics)}`,
          token: this.#token,
          signal: AbortSignal.any([signal, living.broken]),
        });
        this.#living = living;
        answer.setTimeout(silenceMs, () => answer.destroy(new Error('the service fell silent')));
        this.#handlers.connected?.();
        const parser = new EventParser();
        for await (const bytes of answer as AsyncIterable<Uint8Array>) {
          for (const sent of parser.push(bytes)) {
            const event = eventOf(sent);
            if (event?.type === 'snapshot') living.named(event.subscription, this.#topics);
            if (event) this.#handlers.event(event);
          }
          wait = firstPauseMs;
        }
        this.#handlers.disconnected?.(new ServiceUnreachable(this.#address, 'the service ended the stream'));
      } catch (thrown) {
        const error = asStreamError(this.#address, thrown, signal, living.broken);
        if (!error) return;
        if (!(error instanceof ServiceUnreachable) && !isPassing(error)) throw error;
        this.#handlers.disconnected?.(error);
      } finally {
        this.#living = undefined;
        living.end();
      }
      // Full jitter: clients that lost one service don't come back all at once.
      await delay(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, longestPauseMs);
    }
  }
}

/** One stream of a subscription, from its request to its end. */
class Living {
  readonly #address: ServiceAddress;
  readonly #token: string;
  readonly #broken = new AbortController();
  readonly #over = new AbortController();
  #asked: readonly Topic[] | undefined;
  #id: string | undefined;
  #changes: Promise<void> = Promise.resolve();

  constructor(address: ServiceAddress, token: string, topics: readonly Topic[] | undefined) {
    this.#address = address;
    this.#token = token;
    this.#asked = topics;
  }

  /** Aborted where its topics cannot be changed: its stream is to be opened anew. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** By its snapshot. `topics`: those that are wanted by now. */
  named(id: string, topics: readonly Topic[] | undefined): void {
    this.#id = id;
    if (topics) this.ask(topics);
  }

  /** One after another, and none left out: who drops a topic and takes it again gets its present value again. */
  ask(topics: readonly Topic[]): void {
    const id = this.#id;
    // Before its snapshot it has no name.
    if (id === undefined || topics === this.#asked) return;
    this.#asked = topics;
    this.#changes = this.#changes.then(() => this.#post(id, topics));
  }

  end(): void {
    this.#over.abort();
  }

  async #post(id: string, topics: readonly Topic[]): Promise<void> {
    const limit = AbortSignal.timeout(longestChangeMs);
    const signal = AbortSignal.any([this.#over.signal, this.#broken.signal, limit]);
    if (signal.aborted) return;
    try {
      const path = `/v1/subscription/${encodeURIComponent(id)}`;
      const body = { topics };
      const answer = await open(this.#address, { method: 'POST', path, token: this.#token, body, signal });
      answer.resume();
    } catch (error) {
      if (this.#over.signal.aborted) return;
      // Gone (404), refused or not answered: a new stream is asked for with these topics, and says what is wrong with them.
      this.#broken.abort(
        new ServiceUnreachable(this.#address, `it does not change its topics: ${messageOf(error)}`, error),
      );
    }
  }
}

function queryOf(topics: readonly Topic[] | undefined): string {
  return topics === undefined ? '' : `?topics=${topics.map((topic) => encodeURIComponent(topic)).join(',')}`;
}

/** The events as an iterable; ends when the signal is aborted, and throws as `subscribe` rejects. */
export async function* eventsOf(
  follow: (handlers: SubscriptionHandlers, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<ClusterEvent, void, undefined> {
  const left = new AbortController();
  const waiting: ClusterEvent[] = [];
  let wake = (): void => undefined;
  let end: { readonly error?: unknown } | undefined;
  follow(
    {
      event: (event) => {
        waiting.push(event);
        wake();
      },
    },
    AbortSignal.any([signal, left.signal]),
  ).then(
    () => {
      end = {};
      wake();
    },
    (error: unknown) => {
      end = { error };
      wake();
    },
  );
  try {
    for (;;) {
      const event = waiting.shift();
      if (event) yield event;
      else if (end) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    left.abort();
  }
}

/** An event of a type that a newer service has is left out. */
function eventOf(sent: ServerSentEvent): ClusterEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(sent.data);
  } catch {
    throw new UnexpectedAnswer('GET /v1/subscription', 'an event is not JSON');
  }
  const parsed = clusterEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  const type = typeof value === 'object' && value && 'type' in value ? String(value.type) : '';
  if (!ours.has(type)) return undefined;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new UnexpectedAnswer(
    'GET /v1/subscription',
    `an event "${type}" is not as this version has it: ${place}`,
  );
}

/** Overloaded or not yet up: it may be better in a moment. */
function isPassing(error: Error): boolean {
  return error instanceof ServiceProblem && (error.status >= 500 || error.status === 429);
}

function asStreamError(
  address: ServiceAddress,
  thrown: unknown,
  signal: AbortSignal,
  broken: AbortSignal,
): Error | undefined {
  if (signal.aborted) return undefined;
  if (broken.aborted && broken.reason instanceof Error) return broken.reason;
  if (
    thrown instanceof ServiceProblem ||
    thrown instanceof ServiceUnreachable ||
    thrown instanceof UnexpectedAnswer
  ) {
    return thrown;
  }
  return unreachable(address, thrown, signal);
}
